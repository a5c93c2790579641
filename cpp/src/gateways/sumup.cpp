#include "gateways/declare.hpp"

namespace cuadre::declared {
namespace {

constexpr std::string_view kCurrencies = "https://developer.sumup.com/tools/glossary/currencies/";

constexpr WireRule kWire[] = {
    {.message = "payment", .currencies = "COP", .form = kWhole, .status = kOfficial, .source = kCurrencies},
    {.message = "payment", .currencies = "PEN", .form = kTwo, .status = kOfficial, .source = kCurrencies},
};

}  // namespace

Gateway sumup() { return {.title = "SumUp", .wire = kWire}; }

}  // namespace cuadre::declared
