// The words by which schemes are told, in tables and in Python: identifiers, the same in every language.
#pragma once

#include <span>
#include <string_view>

#include "cuadre/signature.hpp"

namespace cuadre {

// Of the enumeration that a value is of, by position.
using SchemeWords = std::span<const std::string_view>;
SchemeWords words(Algorithm) noexcept;
SchemeWords words(KeyForm) noexcept;
SchemeWords words(SignatureEncoding) noexcept;
SchemeWords words(TimeForm) noexcept;
SchemeWords words(Piece::From) noexcept;
SchemeWords words(Piece::Form) noexcept;
SchemeWords words(Piece::Only) noexcept;
SchemeWords words(Carrier::In) noexcept;
SchemeWords words(Carrier::Syntax) noexcept;
SchemeWords words(Scheme::Body) noexcept;

}  // namespace cuadre
