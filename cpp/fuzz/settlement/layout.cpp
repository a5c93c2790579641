// Any bytes as a declaration: keys of the language, words of it and strangers, nested as the bytes say. What comes out
// is a layout that holds together, or one error that names a key of what was written; and the same twice.
#include <algorithm>
#include <cstdlib>
#include <set>

#include "cuadre/settlement/language.hpp"

namespace {

using namespace cuadre;

struct Vocabulary {
  std::vector<std::string> keys;
  std::vector<std::string> words{"", "COP", "*", "YYYY-MM-DD", ",", "\xFF"};

  Vocabulary() {
    std::set<std::string> seen;
    for (const DeclaredKey& key : layout_keys()) {
      seen.insert(key.path.substr(key.path.rfind('.') + 1));
      words.insert(words.end(), key.words.begin(), key.words.end());
    }
    keys.assign(seen.begin(), seen.end());
  }
};

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  std::uint8_t next() {
    if (bytes_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }
  bool done() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

Tree grow(Bytes& bytes, int depth) {
  static const Vocabulary vocabulary;
  const std::uint8_t choice = bytes.next();
  const std::size_t count = bytes.next() % 8U;
  switch (depth > 6 ? choice % 4U : choice % 8U) {
    case 0:
      return vocabulary.words[count % vocabulary.words.size()];
    case 1:
      return vocabulary.words[bytes.next() % vocabulary.words.size()];
    case 2:
      return static_cast<int>(bytes.next());
    case 3:
      return choice >= 128 ? Tree(Tree::Foreign{"a number"}) : Tree(choice >= 64);
    case 4: {
      Tree::List list;
      while (list.size() < count && !bytes.done()) list.push_back(grow(bytes, depth + 1));
      return list;
    }
    default: {
      Tree::Table table;
      while (table.size() < count + 3 && !bytes.done()) {
        const std::string& key = vocabulary.keys[bytes.next() % vocabulary.keys.size()];
        const bool known = std::any_of(table.begin(), table.end(), [&](const auto& entry) { return entry.key == key; });
        if (!known) table.push_back({key, grow(bytes, depth + 1)});
      }
      return table;
    }
  }
}

std::string told(const Tree& declaration) {
  try {
    const Layout layout = layout_of(declaration);
    layout.validate();
    return "";
  } catch (const Error& error) {
    if (error.code() != ErrorCode::layout_invalid || error.message().size() > 2000) std::abort();
    const std::string& key = error.position().key;
    if (error.message().substr(0, key.size()) != key && key.size() < 200) std::abort();
    return error.message();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(std::string_view(reinterpret_cast<const char*>(data), size));
  Tree::Table table{{"kind", "delimited"},
                    {"reference", Tree::Table{{"at", "r"}}},
                    {"amount", Tree::Table{{"at", "a"}}},
                    {"currency", Tree::Table{{"default", "COP"}}}};
  Tree grown = grow(bytes, 0);
  if (auto* const more =
          std::get_if<Tree::Table>(&grown.value)) {  // what was grown replaces a sound declaration, in parts
    for (Tree::Entry& entry : *more) {
      std::erase_if(table, [&](const auto& known) { return known.key == entry.key; });
      table.push_back(std::move(entry));
    }
    grown = std::move(table);
  }
  if (told(grown) != told(grown)) std::abort();
  return 0;
}
