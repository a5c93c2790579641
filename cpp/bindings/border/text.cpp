#include "border/text.hpp"

namespace py = pybind11;

namespace cuadre::bindings {

std::string_view text_of(py::handle text, ErrorCode code) {
  Py_ssize_t size = 0;
  const char* const data = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (data == nullptr) {  // lone surrogates
    PyErr_Clear();
    throw Error(code, "text that is not Unicode");
  }
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace cuadre::bindings
