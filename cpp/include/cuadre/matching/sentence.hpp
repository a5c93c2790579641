// What a break says to a person: one plain sentence or two about the rule that looked, what agreed, what did not, the
// amount at stake and who is short.
//
// A break takes one of a few forms. A form is a pattern in each language; its places are filled at the very end, here
// or in a page that has the same values. Nothing here decides anything.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cuadre/base/words.hpp"
#include "cuadre/matching.hpp"

namespace cuadre {

// {reference} as the owning side writes it      {compared} the normal form      {kind} of the row
// {ledger} {settlement} the rows' amounts, with {ledger_file} {ledger_line} {settlement_file} {settlement_line}
// {stake} what it is about, without a sign. Files stand without their folders, which the table beside has in full.
#define CUADRE_SENTENCES(X)                                                                                              \
  X(amount_short,                                                                                                        \
    "Reference {reference} (compared {compared}), kind ({kind}) and currency agree, the amount does not: the ledger "    \
    "has {ledger} ({ledger_file}, line {ledger_line}), the settlement {settlement} ({settlement_file}, line "            \
    "{settlement_line}). We are short by {stake}.",                                                                      \
    "La referencia {reference} (comparada {compared}), el tipo ({kind}) y la moneda coinciden, el valor no: el libro "   \
    "tiene {ledger} ({ledger_file}, línea {ledger_line}), la liquidación {settlement} ({settlement_file}, línea "     \
    "{settlement_line}). Nos faltan {stake}.")                                                                           \
  X(amount_beyond,                                                                                                       \
    "Reference {reference} (compared {compared}), kind ({kind}) and currency agree, the amount does not: the ledger "    \
    "has {ledger} ({ledger_file}, line {ledger_line}), the settlement {settlement} ({settlement_file}, line "            \
    "{settlement_line}). The settlement brings more than we expect, by {stake}.",                                        \
    "La referencia {reference} (comparada {compared}), el tipo ({kind}) y la moneda coinciden, el valor no: el libro "   \
    "tiene {ledger} ({ledger_file}, línea {ledger_line}), la liquidación {settlement} ({settlement_file}, línea "     \
    "{settlement_line}). La liquidación trae de más {stake}.")                                                           \
  X(other_currency,                                                                                                      \
    "Reference {reference} (compared {compared}) and kind ({kind}) agree, the currency does not: the ledger has "        \
    "{ledger} ({ledger_file}, line {ledger_line}), the settlement {settlement} ({settlement_file}, line "                \
    "{settlement_line}). At stake is the whole {ledger} that we expect and did not get in that currency.",               \
    "La referencia {reference} (comparada {compared}) y el tipo ({kind}) coinciden, la moneda no: el libro tiene "       \
    "{ledger} ({ledger_file}, línea {ledger_line}), la liquidación {settlement} ({settlement_file}, línea "           \
    "{settlement_line}). Está en juego el total de {ledger} que esperamos y no llegó en esa moneda.")                    \
  X(not_settled,                                                                                                         \
    "Reference {reference} (compared {compared}) with kind ({kind}) is in the ledger and in no settlement row: "         \
    "{ledger} ({ledger_file}, line {ledger_line}). We are short by {stake}.",                                            \
    "La referencia {reference} (comparada {compared}) con tipo ({kind}) está en el libro y en ninguna fila de la "      \
    "liquidación: {ledger} ({ledger_file}, línea {ledger_line}). Nos faltan {stake}.")                                   \
  X(not_taken_out,                                                                                                       \
    "Reference {reference} (compared {compared}) with kind ({kind}) is in the ledger and in no settlement row: "         \
    "{ledger} ({ledger_file}, line {ledger_line}). The settlement has not taken out {stake}.",                           \
    "La referencia {reference} (comparada {compared}) con tipo ({kind}) está en el libro y en ninguna fila de la "      \
    "liquidación: {ledger} ({ledger_file}, línea {ledger_line}). La liquidación no ha descontado {stake}.")              \
  X(held_for_nobody,                                                                                                     \
    "Reference {reference} (compared {compared}) with kind ({kind}) is in the settlement and in no ledger row: "         \
    "{settlement} ({settlement_file}, line {settlement_line}). We hold, without knowing whose it is, {stake}.",          \
    "La referencia {reference} (comparada {compared}) con tipo ({kind}) está en la liquidación y en ninguna fila del " \
    "libro: {settlement} ({settlement_file}, línea {settlement_line}). Tenemos, sin saber de quién, {stake}.")           \
  X(undone,                                                                                                              \
    "Reference {reference} (compared {compared}) with kind ({kind}) is in the settlement and in no ledger row: "         \
    "{settlement} ({settlement_file}, line {settlement_line}). It undoes a payment and is no money that we hold: "       \
    "look for the payment.",                                                                                             \
    "La referencia {reference} (comparada {compared}) con tipo ({kind}) está en la liquidación y en ninguna fila del " \
    "libro: {settlement} ({settlement_file}, línea {settlement_line}). Deshace un pago y no es dinero que tengamos: "   \
    "busque el pago.")                                                                                                   \
  X(taken_from_us,                                                                                                       \
    "Reference {reference} (compared {compared}) with kind ({kind}) is in the settlement and in no ledger row: "         \
    "{settlement} ({settlement_file}, line {settlement_line}). Taken from us without an entry of ours: {stake}.",        \
    "La referencia {reference} (comparada {compared}) con tipo ({kind}) está en la liquidación y en ninguna fila del " \
    "libro: {settlement} ({settlement_file}, línea {settlement_line}). Nos descontaron sin un registro nuestro "        \
    "{stake}.")                                                                                                          \
  X(settled_again,                                                                                                       \
    "Reference {reference} (compared {compared}) and kind ({kind}) are on both sides; after equal amounts paired "       \
    "off, "                                                                                                              \
    "this settlement row is left over: {settlement} ({settlement_file}, line {settlement_line}). The ledger has "        \
    "{ledger} ({ledger_file}, line {ledger_line}). Settled beyond what we expect, and due back to the payer or to a "    \
    "new sale: {stake}.",                                                                                                \
    "La referencia {reference} (comparada {compared}) y el tipo ({kind}) están en ambos lados; tras emparejar los "     \
    "valores iguales sobra esta fila de la liquidación: {settlement} ({settlement_file}, línea {settlement_line}). "   \
    "El "                                                                                                                \
    "libro tiene {ledger} ({ledger_file}, línea {ledger_line}). Liquidado por encima de lo que esperamos, por "         \
    "devolver al pagador o asignar a otra venta: {stake}.")                                                              \
  X(taken_out_again,                                                                                                     \
    "Reference {reference} (compared {compared}) and kind ({kind}) are on both sides; after equal amounts paired "       \
    "off, "                                                                                                              \
    "this settlement row is left over: {settlement} ({settlement_file}, line {settlement_line}). The ledger has "        \
    "{ledger} ({ledger_file}, line {ledger_line}). Taken out beyond what we expect: {stake}.",                           \
    "La referencia {reference} (comparada {compared}) y el tipo ({kind}) están en ambos lados; tras emparejar los "     \
    "valores iguales sobra esta fila de la liquidación: {settlement} ({settlement_file}, línea {settlement_line}). "   \
    "El "                                                                                                                \
    "libro tiene {ledger} ({ledger_file}, línea {ledger_line}). Descontado por encima de lo que esperamos: {stake}.")    \
  X(counted_again,                                                                                                       \
    "Reference {reference} (compared {compared}) and kind ({kind}) are on both sides; after equal amounts paired "       \
    "off, "                                                                                                              \
    "this ledger row is left over: {ledger} ({ledger_file}, line {ledger_line}). The settlement has {settlement} "       \
    "({settlement_file}, line {settlement_line}). Our ledger counts, without a payment behind it, {stake}.",             \
    "La referencia {reference} (comparada {compared}) y el tipo ({kind}) están en ambos lados; tras emparejar los "     \
    "valores iguales sobra esta fila del libro: {ledger} ({ledger_file}, línea {ledger_line}). La liquidación tiene "  \
    "{settlement} ({settlement_file}, línea {settlement_line}). Nuestro libro cuenta, sin un pago que lo respalde, "    \
    "{stake}.")

enum class SentenceForm : std::uint8_t {
#define CUADRE_X(name, en, es) name,
  CUADRE_SENTENCES(CUADRE_X)
#undef CUADRE_X
};
std::span<const Term> sentence_forms() noexcept;  // by position

SentenceForm form_of(const Break& item) noexcept;  // not for a matched pair, which is no break

// Kinds of row and steps of a normal form with their words.
std::vector<Term> row_kinds();
std::vector<Term> key_steps();

// "by its digits only, without left zeros"; "as written" for no step.
void append_compared(std::string& out, const KeyRule& key, Language language);

// The two tables name the rows' files.
void append_sentence(std::string& out, Language language, const Break& item, const KeyRule& key,
                     const std::vector<FileReport>& ledger, const std::vector<FileReport>& settlement);

}  // namespace cuadre
