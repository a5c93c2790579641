// Fields of a body: found exactly as written, or the body is refused.
#include "signature/body_fields.hpp"

#include <gtest/gtest.h>

namespace cuadre {
namespace {

std::string text_at(std::string_view body, std::string_view path) {
  const auto found = JsonBody(body).find(path);
  return found ? found->text : "(absent)";
}

// "": taken. Else what it was refused for.
std::string refusal(auto&& call) {
  try {
    call();
  } catch (const BodyRefused& refused) {
    return refused.repeated() ? "repeated" : "unreadable";
  }
  return "";
}
std::string json(std::string_view body) {
  return refusal([&] { JsonBody{body}; });
}
std::string form(std::string_view body) {
  return refusal([&] { FormFields(body).members(""); });
}

TEST(JsonBody, finds_by_path_and_keeps_numbers_as_written) {
  constexpr std::string_view kBody =
      R"( {"a":{"b":1001.00,"c":"x\u00e9\ud83d\ude00\/"},"big":123456789012345678901234567890,"e":1E2,"n":null,"l":[{"i":"7"}],"t":true,"w":["p","q"]} )";
  EXPECT_EQ(text_at(kBody, "a.b"), "1001.00");
  EXPECT_EQ(text_at(kBody, "a.c"), "x\xC3\xA9\xF0\x9F\x98\x80/");
  EXPECT_EQ(text_at(kBody, "big"), "123456789012345678901234567890");
  EXPECT_EQ(text_at(kBody, "e"), "1E2");
  EXPECT_EQ(text_at(kBody, "l.0.i"), "7");
  EXPECT_EQ(text_at(kBody, "t"), "true");
  EXPECT_EQ(text_at(kBody, "a.z"), "(absent)");
  EXPECT_EQ(text_at(kBody, "a.b.c"), "(absent)");
  const JsonBody body(kBody);
  EXPECT_EQ(body.find("n")->kind, BodyKind::null);
  EXPECT_EQ(body.find("")->kind, BodyKind::object);
  EXPECT_EQ(body.list("w"), (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(body.members("").size(), 7U);
  EXPECT_EQ(refusal([&] { (void)body.find("w.0"); }), "unreadable");  // which of two?
}

TEST(JsonBody, refuses_doubt) {
  for (const std::string_view bad : {"",
                                     " ",
                                     "{",
                                     "[1,]",
                                     "{\"a\":1,}",
                                     "{\"a\":NaN}",
                                     "{\"a\":01}",
                                     "{\"a\":+1}",
                                     "{\"a\":1.}",
                                     "{\"a\":.5}",
                                     "{} {}",
                                     "{}x",
                                     "{'a':1}",
                                     "{\"a\":\"\t\"}",
                                     "{\"a\":\"\\x\"}",
                                     "{\"a\":\"\\ud800\"}",
                                     "{\"a\":\"\\udc00\"}",
                                     "{\"a\":\"\xff\"}",
                                     "\xEF\xBB\xBF{}",
                                     "{\"a\" 1}",
                                     "nul",
                                     "\"\\",
                                     "\"\\u12"}) {
    EXPECT_EQ(json(bad), "unreadable") << bad;
  }
  for (const std::string_view bad : {R"({"a":1,"a":1})", R"({"x":{"a":1,"\u0061":2}})", R"([{"b":0,"c":1,"b":2}])"}) {
    EXPECT_EQ(json(bad), "repeated") << bad;
  }
  EXPECT_EQ(json(std::string(100'000, '[')), "unreadable");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
  EXPECT_EQ(json(deep), "unreadable");
  EXPECT_EQ(json(std::string(64, '[') + std::string(64, ']')), "");
}

TEST(FormFields, decode_strictly) {
  const FormFields fields("a=1%2B+2&b=&%C3%A9=x%3D=y");
  EXPECT_EQ(*fields.find("a"), "1+ 2");
  EXPECT_EQ(*fields.find("b"), "");
  EXPECT_EQ(*fields.find("\xC3\xA9"), "x==y");
  EXPECT_EQ(fields.find("c"), nullptr);
  for (const std::string_view bad : {"a", "a=%zz", "a=%", "a=%4", "a=%ff", "a=\xff", "a%=1", "%ff=1"}) {
    EXPECT_EQ(form(bad), "unreadable") << bad;
  }
  for (const std::string_view bad : {"a=1&a=1", "a=1&%61=2"}) EXPECT_EQ(form(bad), "repeated") << bad;
  for (const std::string_view good : {"", "a=1&", "&a=1", "a=1&&b=2", "=1"}) EXPECT_EQ(form(good), "") << good;
}

// Latin-1, no "=", a name that stands twice: nobody's matter until that field is asked for.
TEST(FormFields, a_doubt_refuses_the_field_that_is_asked_for_alone) {
  for (const std::string_view bad : {"x", "x=%zz", "x=Camisa+ni%F1o", "x=1&x=2"}) {
    const FormFields fields("a=1&" + std::string(bad) + "&");
    EXPECT_EQ(*fields.find("a"), "1") << bad;
    EXPECT_EQ(fields.members("a").size(), 1U) << bad;
    EXPECT_THROW(fields.find("x"), BodyRefused) << bad;
    EXPECT_THROW(fields.members("x"), BodyRefused) << bad;
  }
}

TEST(FormFields, more_fields_than_any_gateway_sends_are_refused_early) {
  std::string text;
  for (std::size_t i = 0; i < FormFields::kFieldsMax; ++i) text += "a=1&";
  EXPECT_EQ(*FormFields("z=1&" + text.substr(4)).find("z"), "1");
  EXPECT_THROW(FormFields(text + "z=1"), BodyRefused);
}

TEST(JsonBody, more_values_than_any_gateway_sends_are_refused_early) {
  const auto list = [](std::size_t values) {
    std::string text = "[0";
    for (std::size_t i = 1; i < values; ++i) text += ",0";
    return text + "]";
  };
  EXPECT_EQ(json(list(99'999)), "");  // and the list itself
  EXPECT_EQ(json(list(100'000)), "unreadable");
}

// Strings are scanned eight bytes at a time: what ends or spoils one is seen at every place.
// Names that share their first and last eight bytes share a hash; many names are told apart by sorting.
TEST(JsonBody, repeated_names_among_few_and_many) {
  for (const int count : {2, 10, 63, 64, 65, 66, 300}) {
    for (const char* stem : {"n", "the same beginning ", ""}) {
      std::string body = "{";
      for (int i = 0; i < count; ++i)
        body += '"' + (stem + std::to_string(1000 + i)) + " and the same ending\":{\"a\":1},";
      std::string good = body + "\"last\":1}";
      EXPECT_TRUE(JsonBody(good).find("last")) << count;
      for (const int again : {0, count / 2, count - 1}) {
        const std::string name = stem + std::to_string(1000 + again) + " and the same ending";
        EXPECT_EQ(json(body + '"' + name + "\":1}"), "repeated") << count << ' ' << again;
      }
    }
  }
}

TEST(JsonBody, every_place_in_a_long_string) {
  for (std::size_t size = 0; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      const auto found = [&](const std::string& inside) {
        const std::string body = "{\"a\":\"" + inside + "\"}";
        return JsonBody(body).find("a")->text;
      };
      text[at] = '\x7f';
      EXPECT_EQ(found(text), text);
      for (const char bad : {'\x1f', '\0', '"', '\\'}) {
        text[at] = bad;
        EXPECT_THROW(found(text), BodyRefused) << size << ' ' << at << ' ' << static_cast<int>(bad);
      }
      std::string escaped(size, '\xC3');
      for (std::size_t i = 1; i < size; i += 2) escaped[i] = '\xB1';
      if (size % 2 == 0) {
        EXPECT_EQ(found(escaped), escaped);
      }
    }
  }
}

}  // namespace
}  // namespace cuadre
