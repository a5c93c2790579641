// What gateways ask of documents stands in their own files; the table of rules takes it from there.
#pragma once

#include <vector>

#include "cuadre/document.hpp"

namespace cuadre {

// By gateway, each rule under the gateway's name. The gateways' floor answers.
std::vector<DocumentRule> gateway_document_rules();

}  // namespace cuadre
