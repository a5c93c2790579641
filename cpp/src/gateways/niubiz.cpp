#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

constexpr SchemeGap kSchemeGaps[] = {
    {"notification", "no public text says how, or whether, notices are signed",
     "https://desarrolladores.niubiz.com.pe/api-pagos"},
};

}  // namespace

Gateway niubiz() { return {.title = "Niubiz", .scheme_gaps = kSchemeGaps}; }

}  // namespace cuadre::declared
