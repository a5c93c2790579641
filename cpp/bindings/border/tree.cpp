#include "border/tree.hpp"

#include <string>
#include <utility>

#include "cuadre/error.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

std::string bytes_of(py::handle text) {
  const auto encoded =
      py::reinterpret_steal<py::bytes>(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "surrogatepass"));
  if (!encoded) throw py::error_already_set();
  return encoded;
}

class Converter {
 public:
  Tree convert(py::handle value, int depth) {
    constexpr int kDeepest = 32;
    constexpr int kMost = 1'000'000;
    if (++count_ > kMost) throw Error(ErrorCode::argument_invalid, "a declaration of more than a million values");
    PyObject* const object = value.ptr();
    if (PyUnicode_Check(object)) return bytes_of(value);
    if (PyBool_Check(object)) return object == Py_True;  // before the numbers: Python counts it among them
    if (PyLong_Check(object)) return whole(object);
    if (PyFloat_Check(object)) return Tree::Foreign{"a number"};
    if (depth == kDeepest) return Tree::Foreign{"something nested too deep"};
    if (PyList_Check(object)) {
      Tree::List list;
      for (const py::handle item : py::reinterpret_borrow<py::list>(value)) list.push_back(convert(item, depth + 1));
      return list;
    }
    if (PyDict_Check(object)) {
      Tree::Table table;
      for (const auto& [key, item] : py::reinterpret_borrow<py::dict>(value)) {
        table.push_back({bytes_of(py::str(key)), convert(item, depth + 1)});
      }
      return table;
    }
    return Tree::Foreign{Py_TYPE(object)->tp_name};
  }

 private:
  static Tree whole(PyObject* number) {
    int overflow = 0;
    const std::int64_t value = PyLong_AsLongLongAndOverflow(number, &overflow);
    if (overflow != 0) return Tree::Foreign{"a number of more than 64 bits"};
    if (value == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
    return value;
  }

  int count_ = 0;
};

}  // namespace

Tree tree_of(py::handle value) { return Converter().convert(value, 0); }

}  // namespace cuadre::bindings
