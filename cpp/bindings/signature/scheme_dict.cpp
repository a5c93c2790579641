#include "signature/scheme_dict.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cuadre/signature/words.hpp"

namespace py = pybind11;

namespace cuadre::bindings {
namespace {

template <class Enum>
Enum enum_of(const std::string& word, std::string_view what) {
  const SchemeWords all = words(Enum{});
  std::string listed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == word) return static_cast<Enum>(i);
    listed.append(listed.empty() ? "" : ", ").append(all[i]);
  }
  throw Error(ErrorCode::argument_invalid, std::string(what) + " is one of " + listed + ", not \"" + word + "\"");
}

// One walk over the members serves both directions.
template <class Visit>
void each_member(Visit& visit, Piece& piece) {
  visit("from", piece.from);
  visit("name", piece.name);
  visit("form", piece.form);
  visit("only", piece.only);
  visit("among", piece.among);
  visit("may_hold_separator", piece.may_hold_separator);
  visit("optional", piece.optional);
  visit("empty_if_absent", piece.empty_if_absent);
  visit("before", piece.before);
  visit("behind", piece.behind);
  visit("under", piece.under);
}
template <class Visit>
void each_member(Visit& visit, Pin& pin) {
  visit("at", pin.at);
  visit("value", pin.value);
  visit("setting", pin.setting);
}
template <class Visit>
void each_member(Visit& visit, Carrier& carrier) {
  visit("in", carrier.in);
  visit("names", carrier.names);
  visit("syntax", carrier.syntax);
  visit("prefix", carrier.prefix);
  visit("pair_separator", carrier.pair_separator);
  visit("time_key", carrier.time_key);
  visit("signature_keys", carrier.signature_keys);
}
// A dict of six truths would be misread: `"time" in covered` must say what it seems to.
constexpr std::pair<const char*, bool Covered::*> kCovered[] = {
    {"body", &Covered::body},     {"id", &Covered::id},         {"time", &Covered::time},
    {"status", &Covered::status}, {"amount", &Covered::amount}, {"reference", &Covered::reference}};

template <class Visit>
void each_member(Visit& visit, Scheme& scheme) {
  visit("gateway", scheme.gateway);
  visit("message", scheme.message);
  visit("version", scheme.version);
  visit("incoming", scheme.incoming);
  visit("algorithm", scheme.algorithm);
  visit("key_form", scheme.key_form);
  visit("key_prefix", scheme.key_prefix);
  visit("key_bytes_min", scheme.key_bytes_min);
  visit("encoding", scheme.encoding);
  visit("pieces", scheme.pieces);
  visit("separator", scheme.separator);
  visit("carrier", scheme.carrier);
  visit("body", scheme.body);
  visit("time_form", scheme.time_form);
  visit("time_at", scheme.time_at);
  visit("time_signed", scheme.time_signed);
  visit("offset_minutes", scheme.offset_minutes);
  visit("tolerance_s", scheme.tolerance_s);
  visit("retries_s", scheme.retries_s);
  visit("id_at", scheme.id_at);
  visit("key_id_at", scheme.key_id_at);
  visit("pinned", scheme.pinned);
  visit("settings", scheme.settings);
  visit("must_cover", scheme.must_cover);
  visit("covered", scheme.covered);
  visit("status", scheme.status);
  visit("vectors", scheme.vectors);
  visit("source", scheme.source);
  visit("note", scheme.note);
}

template <class T>
constexpr bool kIsStruct = std::is_same_v<T, Piece> || std::is_same_v<T, Pin> || std::is_same_v<T, Carrier>;

struct Writer {
  py::dict out;
  template <class T>
  static py::object value(T& member) {
    if constexpr (std::is_enum_v<T>) {
      return py::str(std::string(words(member)[static_cast<std::size_t>(member)]));
    } else if constexpr (kIsStruct<T>) {
      Writer inner;
      each_member(inner, member);
      return inner.out;
    } else if constexpr (std::is_same_v<T, Covered>) {
      return names_of(member);
    } else if constexpr (std::is_same_v<T, char>) {
      return py::str(&member, 1);
    } else {
      return py::cast(member);
    }
  }
  template <class T>
  static py::object value(std::vector<T>& members) {
    py::list list;
    for (T& member : members) list.append(value(member));
    return list;
  }
  template <class T>
  void operator()(const char* key, T& member) {
    out[key] = value(member);
  }
};

struct Reader {
  const py::dict& in;
  std::size_t taken = 0;

  template <class T>
  static void fill(const char* key, const py::handle& value, T& member) {
    try {
      if constexpr (std::is_enum_v<T>) {
        member = enum_of<T>(value.cast<std::string>(), key);
      } else if constexpr (kIsStruct<T>) {
        read(value.cast<py::dict>(), member);
      } else if constexpr (std::is_same_v<T, Covered>) {
        member = covered_of(value);
      } else {
        member = value.cast<T>();
      }
    } catch (const py::cast_error&) {
      throw Error(ErrorCode::argument_invalid, std::string("the scheme's entry \"") + key + "\" is of another type");
    }
  }
  template <class T>
  static void fill(const char* key, const py::handle& value, std::vector<T>& members) {
    if (!PyList_Check(value.ptr()) && !PyTuple_Check(value.ptr()))
      throw Error(ErrorCode::argument_invalid, std::string("the scheme's entry \"") + key + "\" is a list");
    members.clear();
    for (const py::handle item : value) fill(key, item, members.emplace_back());
  }
  template <class T>
  void operator()(const char* key, T& member) {
    if (!in.contains(key)) return;
    ++taken;
    fill(key, in[key], member);
  }
  template <class T>
  static void read(const py::dict& dict, T& object) {
    Reader reader{dict};
    each_member(reader, object);
    if (reader.taken == dict.size()) return;
    Writer known;
    T plain{};
    each_member(known, plain);
    for (const auto& item : dict) {
      if (!known.out.contains(item.first))
        throw Error(ErrorCode::argument_invalid,
                    "a scheme has no entry \"" + py::str(item.first).cast<std::string>() + "\"");
    }
  }
};

}  // namespace

py::dict dict_of(const Scheme& scheme) {
  Writer writer;
  Scheme copy = scheme;
  each_member(writer, copy);
  writer.out["signed_text"] = signed_text(scheme);
  return writer.out;
}

Scheme scheme_of(const py::dict& dict) {
  py::dict entries = py::reinterpret_steal<py::dict>(PyDict_Copy(dict.ptr()));
  if (!entries) throw py::error_already_set();
  if (entries.contains("signed_text")) PyDict_DelItemString(entries.ptr(), "signed_text");  // derived
  Scheme scheme;
  Reader::read(entries, scheme);
  return scheme;
}

Covered covered_of(const py::handle& names) {
  Covered covered;
  for (const py::handle item : names) {
    const auto part = item.cast<std::string>();
    const auto* const found =
        std::find_if(std::begin(kCovered), std::end(kCovered), [&](const auto& known) { return part == known.first; });
    if (found == std::end(kCovered))
      throw Error(ErrorCode::argument_invalid, "a signature covers no part \"" + part + "\"");
    covered.*found->second = true;
  }
  return covered;
}

py::list names_of(const Covered& covered) {
  py::list names;
  for (const auto& [name, part] : kCovered)
    if (covered.*part) names.append(name);
  return names;
}

Algorithm algorithm_of(const std::string& word) { return enum_of<Algorithm>(word, "algorithm"); }

}  // namespace cuadre::bindings
