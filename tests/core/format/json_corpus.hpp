#pragma once

#include <string>
#include <vector>

// clang-format off

namespace weir::core {

/// A text and whether RFC 8259 calls it a JSON value.
struct json_sample {
  bool is_json;
  std::string text;
};

/// Odd and broken values, by the part of RFC 8259 that they try: an object of them alone is a record, each of them may stand
/// in a field. Nesting deeper than the bound that the decoder sets (section 9 allows one) counts as broken here.
inline std::vector<json_sample> json_corpus() {
  using namespace std::string_literals;
  const auto times = [](const std::string& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i)
      all += text;
    return all;
  };
  return {
    // literals
    {true, "true"s}, {true, "false"s}, {true, "null"s}, {true, " true "s}, {true, "\ttrue\n"s}, {true, "\r\nnull"s},
    {false, "True"s}, {false, "TRUE"s}, {false, "False"s}, {false, "Null"s}, {false, "NULL"s}, {false, "nul"s},
    {false, "nulll"s}, {false, "tru"s}, {false, "truee"s}, {false, "truex"s}, {false, "fals"s}, {false, "falsee"s},
    {false, "t"s}, {false, "f"s}, {false, "n"s}, {false, "nan"s}, {false, "NaN"s}, {false, "-NaN"s},
    {false, "Infinity"s}, {false, "-Infinity"s}, {false, "+Infinity"s}, {false, "inf"s}, {false, "-inf"s},
    {false, "undefined"s}, {false, "none"s}, {false, "None"s}, {false, "yes"s}, {false, "true false"s},
    {false, "true,"s}, {false, "true;"s}, {false, "truetrue"s}, {false, "nullnull"s}, {false, "true\"a\""s},
    {false, "true1"s}, {false, "true["s}, {false, "tr ue"s}, {false, "\302\240true"s}, {false, "true\000"s},
    {false, "*"s}, {false, "abc"s}, {false, "a"s}, {false, "_"s}, {false, "$"s}, {false, "#"s}, {false, "@"s},
    {false, "~"s}, {false, "`"s}, {false, "^"s}, {false, "\\"s}, {false, "\\u0031"s}, {false, "\\n"s}, {false, "/"s},
    {false, "%"s}, {false, "&"s}, {false, "="s}, {false, "?"s}, {false, "!"s}, {false, "|"s}, {false, "'"s},
    {false, "("s}, {false, ")"s}, {false, "<"s}, {false, ">"s}, {false, "+"s}, {false, "-"s}, {false, "."s},
    {false, ";"s},
    // numbers
    {true, "0"s}, {true, "-0"s}, {true, "1"s}, {true, "-1"s}, {true, "9"s}, {true, "10"s}, {true, "123456789"s},
    {true, "0.0"s}, {true, "-0.0"s}, {true, "0.5"s}, {true, "1.0"s}, {true, "1.50"s}, {true, "-1.5"s},
    {true, "3.141592653589793"s}, {true, "1e1"s}, {true, "1E1"s}, {true, "1e+1"s}, {true, "1e-1"s}, {true, "1E+10"s},
    {true, "1E-10"s}, {true, "0e0"s}, {true, "0E+0"s}, {true, "-0e-0"s}, {true, "0e1"s}, {true, "1.5e3"s},
    {true, "1.5E-3"s}, {true, "1e00"s}, {true, "1e01"s}, {true, "1e-007"s}, {true, "1e400"s}, {true, "-1e400"s},
    {true, "1e-400"s}, {true, "1e999999999999"s}, {true, "0e999999999999"s}, {true, "1e-999999999999"s},
    {true, "18446744073709551615"s}, {true, "18446744073709551616"s}, {true, "-9223372036854775808"s},
    {true, "-9223372036854775809"s}, {true, "123456789012345678901234567890"s},
    {true, "0.000000000000000000000000000000000001"s}, {true, "0.1234567890123456789012345678901234567890"s},
    {true, "128.74836467836484838364836483643636483648e-336"s}, {true, times("1"s, 400)},
    {true, "0."s + times("0"s, 400) + "1"s}, {true, "1"s + times("0"s, 400) + "e-400"s}, {true, "9007199254740993"s},
    {true, "2.2250738585072011e-308"s}, {true, "2.2250738585072012e-308"s}, {true, "5e-324"s},
    {true, "1.7976931348623157e308"s}, {true, "1.7976931348623159e308"s}, {true, "4.35"s}, {true, "1 "s},
    {true, " 1"s}, {false, "00"s}, {false, "01"s}, {false, "-01"s}, {false, "-00"s}, {false, "007"s}, {false, "+1"s},
    {false, "+0"s}, {false, "++1"s}, {false, "--1"s}, {false, "-"s}, {false, "- 1"s}, {false, "-a"s}, {false, "1."s},
    {false, "-1."s}, {false, ".1"s}, {false, "-.1"s}, {false, "."s}, {false, "0."s}, {false, "1..2"s},
    {false, "1.2.3"s}, {false, "1.e1"s}, {false, ".e1"s}, {false, "e1"s}, {false, "E1"s}, {false, "1e"s},
    {false, "1e+"s}, {false, "1e-"s}, {false, "1E"s}, {false, "1ea"s}, {false, "1e1.5"s}, {false, "1e1e1"s},
    {false, "1e+-1"s}, {false, "1e 1"s}, {false, "1 e1"s}, {false, "1.0e"s}, {false, "1.0e+"s}, {false, "0e"s},
    {false, "0e+"s}, {false, "0.e1"s}, {false, "0x1"s}, {false, "0xff"s}, {false, "0X1F"s}, {false, "0b1"s},
    {false, "0o7"s}, {false, "1a"s}, {false, "1x"s}, {false, "1_000"s}, {false, "1,000.0.0"s}, {false, "1 000"s},
    {false, "1 2"s}, {false, "1;"s}, {false, "1\""s}, {false, "1\"a\""s}, {false, "1["s}, {false, "1{"s},
    {false, "1true"s}, {false, "1/"s}, {false, "1\\"s}, {false, "1f"s}, {false, "1L"s}, {false, "1n"s}, {false, "1d"s},
    {false, "1.0f"s}, {false, "-1-1"s}, {false, "1+1"s}, {false, "1-1"s}, {false, "\357\274\221"s},
    {false, "\331\241"s}, {false, "1\357\274\221"s}, {false, "\342\210\2221"s}, {false, "1\000"s}, {false, "1.5x"s},
    {false, "123abc"s}, {false, "0a"s}, {false, "-0a"s}, {false, "00.5"s}, {false, "-012.5"s}, {false, "1e1x"s},
    {false, "$1"s}, {false, "1%"s}, {false, "0.1."s}, {false, "1e5."s}, {false, "2.e3"s}, {false, "2.e-3"s},
    {false, "2.e+3"s}, {false, "-2."s}, {false, "1.a"s}, {false, "-Infinity1"s}, {false, "0x"s}, {false, "1eE2"s},
    {false, "9.3e+"s}, {false, "0.3e"s}, {false, "1.0e-"s}, {false, "- 0"s}, {false, "-\t1"s}, {false, "1\302\2402"s},
    {false, "\302\2401"s}, {false, "1\014"s}, {false, "1\013"s}, {false, "1\032"s}, {false, "1\0142"s},
    {false, "1\0322"s},
    // strings
    {true, "\"\""s}, {true, "\"a\""s}, {true, "\" \""s}, {true, "\"\\\"\""s}, {true, "\"\\\\\""s}, {true, "\"\\/\""s},
    {true, "\"\\b\\f\\n\\r\\t\""s}, {true, "\"\\u0000\""s}, {true, "\"\\u001f\""s}, {true, "\"\\u0041\""s},
    {true, "\"\\u00e9\""s}, {true, "\"\\u20AC\""s}, {true, "\"\\uD83D\\uDE00\""s}, {true, "\"\\ud83d\\ude00\""s},
    {true, "\"\\uFFFF\""s}, {true, "\"\\uffFE\""s}, {true, "\"\\ud800\""s}, {true, "\"\\udc00\""s},
    {true, "\"\\udc00\\ud800\""s}, {true, "\"\\ud800\\ud800\""s}, {true, "\"\\ud800a\""s}, {true, "\"\\ud800\\n\""s},
    {true, "\"\\\\u0041\""s}, {true, "\"\\\\\\\"\""s}, {true, "\"\\\\\\\\\""s}, {true, "\"\\\"\\\"\""s},
    {true, "\"/\""s}, {true, "\"{}[],:\""s}, {true, "\"//\""s}, {true, "\"/* */\""s}, {true, "\"'\""s},
    {true, "\"\177\""s}, {true, "\"\303\251\""s}, {true, "\"\342\202\254\""s}, {true, "\"\360\237\230\200\""s},
    {true, "\"\357\273\277\""s}, {true, "\"\342\200\250\342\200\251\""s}, {true, "\"\357\277\277\""s},
    {true, "\"\364\217\277\277\""s}, {true, "\"\302\200\""s}, {true, "\"\337\277\""s}, {true, "\"\340\240\200\""s},
    {true, "\"\355\237\277\""s}, {true, "\"\356\200\200\""s}, {true, "\"true\""s}, {true, "\"1\""s},
    {true, "\""s + times("x"s, 300) + "\""s}, {true, "\""s + times("\\n"s, 100) + "\""s},
    {true, "\""s + times("\303\251"s, 100) + "\""s}, {true, "\"new\\u000Aline\""s}, {true, "\"\\u0022\""s},
    {true, "\"\\u005C\""s}, {true, "\"asd \""s}, {true, " \"a\" "s}, {false, "\""s}, {false, "\"a"s}, {false, "a\""s},
    {false, "\"\\\""s}, {false, "\"\\"s}, {false, "\"\\a\""s}, {false, "\"\\x41\""s}, {false, "\"\\v\""s},
    {false, "\"\\0\""s}, {false, "\"\\e\""s}, {false, "\"\\'\""s}, {false, "\"\\ \""s}, {false, "\"\\N\""s},
    {false, "\"\\U0041\""s}, {false, "\"\\u\""s}, {false, "\"\\u1\""s}, {false, "\"\\u12\""s}, {false, "\"\\u123\""s},
    {false, "\"\\u123g\""s}, {false, "\"\\ug123\""s}, {false, "\"\\u 123\""s}, {false, "\"\\u-123\""s},
    {false, "\"\\u+123\""s}, {false, "\"\\u00\""s}, {false, "\"\\u{41}\""s}, {false, "\"\\u00e\""s},
    {false, "\"\\ud83d\\u\""s}, {false, "\"\\ud83d\\ude0\""s}, {false, "\"\\ud83d\\x\""s}, {false, "\"\\ud800\\\""s},
    {false, "\"a\nb\""s}, {false, "\"a\tb\""s}, {false, "\"a\rb\""s}, {false, "\"\000\""s}, {false, "\"a\000b\""s},
    {false, "\"\001\""s}, {false, "\"\037\""s}, {false, "\"\010\""s}, {false, "\"\014\""s}, {false, "\"\033[0m\""s},
    {false, "'a'"s}, {false, "'"s}, {false, "\"a'"s}, {false, "\"a\"b"s}, {false, "\"a\"\"b\""s},
    {false, "\"a\" \"b\""s}, {false, "\"a\"1"s}, {false, "\"a\"true"s}, {false, "\"a\"\\"s}, {false, "\"a\"\\\""s},
    {false, "\\\"a\\\""s}, {false, "\\\"a\""s}, {false, "\"\\\n\""s}, {false, "\"\\\303\251\""s},
    {false, "\"\\\\\\\""s}, {false, "\342\200\234a\342\200\235"s}, {false, "\"\"\""s}, {false, "\"\"\"\""s},
    {false, "\"\"\"a\"\"\""s}, {false, "\"\200\""s}, {false, "\"\277\""s}, {false, "\"\300\200\""s},
    {false, "\"\301\277\""s}, {false, "\"\302\""s}, {false, "\"\302 \""s}, {false, "\"\340\200\200\""s},
    {false, "\"\340\237\277\""s}, {false, "\"\342\202\""s}, {false, "\"\342(\241\""s}, {false, "\"\355\240\200\""s},
    {false, "\"\355\277\277\""s}, {false, "\"\360\200\200\200\""s}, {false, "\"\360\217\277\277\""s},
    {false, "\"\360\237\230\""s}, {false, "\"\364\220\200\200\""s}, {false, "\"\365\200\200\200\""s},
    {false, "\"\370\210\200\200\200\""s}, {false, "\"\376\""s}, {false, "\"\377\""s}, {false, "\"\377\376\""s},
    {false, "\"\351\""s}, {false, "\"a\314\""s}, {false, "\"\303\251\251\""s}, {false, "\377"s}, {false, "\200"s},
    {false, "\351"s}, {false, "\360\237\230\200"s}, {false, "\303\251"s}, {false, "\"\355\240\275\355\270\200\""s},
    {false, "\"\\u00\303\251\""s}, {false, "\"\\uD8\\u00\""s},
    {false, "\"\\u\357\274\220\357\274\220\357\274\224\357\274\221\""s},
    // arrays
    {true, "[]"s}, {true, "[ ]"s}, {true, "[\n]"s}, {true, "[1]"s}, {true, "[1,2]"s}, {true, " [ 1 , 2 ] "s},
    {true, "[[]]"s}, {true, "[[],[]]"s}, {true, "[null]"s}, {true, "[\"\"]"s}, {true, "[{}]"s},
    {true, "[[[[[[]]]]]]"s}, {true, "[1,\"a\",true,null,{},[]]"s}, {true, "[\t1\r\n,\n2]"s},
    {true, times("["s, 100) + times("]"s, 100)}, {true, "[-0]"s}, {true, "[1e1,2]"s}, {true, "[\"\\u0041\",\"b\"]"s},
    {false, "["s}, {false, "]"s}, {false, "[1"s}, {false, "[1,"s}, {false, "[,"s}, {false, "[,]"s}, {false, "[1,]"s},
    {false, "[,1]"s}, {false, "[1,,2]"s}, {false, "[,,]"s}, {false, "[1,2,]"s}, {false, "[1 2]"s},
    {false, "[\"a\" \"b\"]"s}, {false, "[1;2]"s}, {false, "[1:2]"s}, {false, "[\"a\":1]"s}, {false, "[1}"s},
    {false, "[}"s}, {false, "[1,2}"s}, {false, "[[]"s}, {false, "[]]"s}, {false, "[[1]"s}, {false, "[1]]"s},
    {false, "[1],"s}, {false, "[1],[2]"s}, {false, "[1]1"s}, {false, "[1]\"a\""s}, {false, "[a]"s}, {false, "[a,b]"s},
    {false, "['a']"s}, {false, "[\"a]"s}, {false, "[\"a"s}, {false, "[\"a\","s}, {false, "[true,fals]"s},
    {false, "[1,nul]"s}, {false, "[NaN]"s}, {false, "[-]"s}, {false, "[01]"s}, {false, "[1.]"s}, {false, "[+1]"s},
    {false, "[.5]"s}, {false, "[0x1]"s}, {false, "[1,//c\n2]"s}, {false, "[1/*c*/]"s}, {false, "[#c\n1]"s},
    {false, "[...]"s}, {false, "[1..2]"s}, {false, "[ , 1]"s}, {false, "[[,]]"s}, {false, "[\000]"s},
    {false, "[\014]"s}, {false, "[1\014]"s}, {false, "[\0131]"s}, {false, "[\302\2401]"s}, {false, "[\357\273\277]"s},
    {false, "[\342\201\240]"s}, {false, "[\377]"s}, {false, times("["s, 100) + times("]"s, 99)},
    {false, times("["s, 1100) + times("]"s, 1100)}, {false, times("["s, 100000)}, {false, "[][]"s}, {false, "[{]"s},
    {false, "[{]}"s}, {false, "[\"\\x\"]"s}, {false, "[\"\n\"]"s}, {false, "[\"\""s}, {false, "[1true]"s},
    {false, "[\"a\"true]"s}, {false, "[[]1]"s}, {false, "[{}1]"s}, {false, "[1[]]"s}, {false, "[1{}]"s},
    {false, "(1)"s}, {false, "<1>"s}, {false, "[1)"s}, {false, "[\032]"s},
    // objects
    {true, "{}"s}, {true, "{ }"s}, {true, "{\n}"s}, {true, "{\"a\":1}"s}, {true, " { \"a\" : 1 } "s},
    {true, "{\"a\":1,\"b\":2}"s}, {true, "{\"a\":1,\"a\":2}"s}, {true, "{\"\":1}"s}, {true, "{\"\":\"\"}"s},
    {true, "{\"a\":{}}"s}, {true, "{\"a\":[]}"s}, {true, "{\"a\":{\"b\":{\"c\":null}}}"s}, {true, "{\"\\u0061\":1}"s},
    {true, "{\"a\\\"b\":1}"s}, {true, "{\"\303\251\":1}"s}, {true, "{\"\\ud800\":1}"s}, {true, "{\"a\":\"\\ud800\"}"s},
    {true, "{\"a b\":1}"s}, {true, "{\"a\":\n1\n,\n\"b\":\t2}"s}, {true, "{\"a\":-0,\"b\":1E5}"s},
    {true, "{\"a\":true,\"b\":false,\"c\":null}"s}, {true, "{\"x\":{\"x\":{\"x\":{\"x\":1}}}}"s},
    {true, "{\""s + times("k"s, 200) + "\":1}"s}, {true, "{\"a\":[{\"b\":[{\"c\":[]}]}]}"s},
    {true, "{\"__proto__\":1}"s}, {true, "{\"a.b\":1}"s}, {true, "{\"1\":1}"s}, {true, "{\"\\u0000\":1}"s},
    {true, "{\"a\":[1,2,{\"b\":3}],\"c\":{\"d\":[]}}"s}, {false, "{"s}, {false, "}"s}, {false, "{\"a\""s},
    {false, "{\"a\":"s}, {false, "{\"a\":1"s}, {false, "{\"a\":1,"s}, {false, "{\"a\":1,}"s}, {false, "{,}"s},
    {false, "{,\"a\":1}"s}, {false, "{\"a\":1,,\"b\":2}"s}, {false, "{\"a\"}"s}, {false, "{\"a\",}"s},
    {false, "{\"a\" 1}"s}, {false, "{\"a\"::1}"s}, {false, "{:1}"s}, {false, "{\"a\":}"s},
    {false, "{\"a\":,\"b\":1}"s}, {false, "{a:1}"s}, {false, "{'a':1}"s}, {false, "{1:1}"s}, {false, "{null:1}"s},
    {false, "{true:1}"s}, {false, "{[]:1}"s}, {false, "{{}:1}"s}, {false, "{\"a\":1 \"b\":2}"s},
    {false, "{\"a\":1;\"b\":2}"s}, {false, "{\"a\"=1}"s}, {false, "{\"a\"=>1}"s}, {false, "{\"a\":1]"s},
    {false, "{]"s}, {false, "{\"a\":[}"s}, {false, "{\"a\":[1}"s}, {false, "{\"a\":{]}"s}, {false, "{\"a\":{}"s},
    {false, "{\"a\":1}}"s}, {false, "{}}"s}, {false, "{}{}"s}, {false, "{} {}"s}, {false, "{}[]"s}, {false, "{},"s},
    {false, "{},{}"s}, {false, "{}1"s}, {false, "{}\"a\""s}, {false, "{}true"s}, {false, "{\"a\":1}x"s},
    {false, "{\"a\":1}#"s}, {false, "{\"a\":1}//c"s}, {false, "{\"a\":1}/*c*/"s}, {false, "/*c*/{}"s},
    {false, "//c\n{}"s}, {false, "{/*c*/}"s}, {false, "{\"a\":/*c*/1}"s}, {false, "{\"a\":1/*c*/}"s},
    {false, "{\"a\":1//c\n}"s}, {false, "{\"a\":1 /* */ ,\"b\":2}"s}, {false, "{\"a\":b}"s}, {false, "{\"a\":\"b}"s},
    {false, "{\"a:1}"s}, {false, "{\"a\":1,\"b\"}"s}, {false, "{\"a\":1,\"b\":}"s}, {false, "{\"a\":1,b:2}"s},
    {false, "{\"a\":01}"s}, {false, "{\"a\":+1}"s}, {false, "{\"a\":1.}"s}, {false, "{\"a\":tru}"s},
    {false, "{\"a\":NaN}"s}, {false, "{\"a\":undefined}"s}, {false, "{\"a\":\"\\x\"}"s}, {false, "{\"\\x\":1}"s},
    {false, "{\"\\u12\":1}"s}, {false, "{\"a\n\":1}"s}, {false, "{\"a\000\":1}"s}, {false, "{\"\377\":1}"s},
    {false, "{\"a\":\"\303\"}"s}, {false, "{\"a\":\"\t\"}"s}, {false, "{\"a\":1\000}"s}, {false, "\000{}"s},
    {false, "{}\000"s}, {false, "{}\014"s}, {false, "\014{}"s}, {false, "{}\032"s}, {false, "\032{}"s},
    {false, "{\014}"s}, {false, "{\"a\"\0321}"s}, {false, "{\"a\":1\014\"b\":2}"s}, {false, "{\"a\"\013:1}"s},
    {false, "\357\273\277{}"s}, {false, "{}\357\273\277"s}, {false, "\302\240{}"s}, {false, "\343\200\200{}"s},
    {false, "{\"a\":1\302\240}"s}, {false, times("{\"a\":"s, 1100) + "1" + times("}"s, 1100)},
    {false, times("{\"a\":"s, 50000)}, {false, times("{"s, 3000)}, {false, "{...}"s}, {false, "{\"a\":...}"s},
    {false, "{\"a\":1 2}"s}, {false, "{\"a\":\"b\" \"c\"}"s}, {false, "{\"a\"\"b\"}"s}, {false, "{\"a\"b:1}"s},
    {false, "{\"a\":\"b\"c}"s}, {false, "{\"a\":[] []}"s}, {false, "{\"a\":{} {}}"s}, {false, "{\"a\":1}\\"s},
    {false, "{\\\"a\":1}"s}, {false, "{\\\"a\\\":1}"s}, {false, "{\"a\\\":1}"s}, {false, "{\"a\":\\\"b\\\"}"s},
    {false, "{\"a\":1,\"b\":2"s}, {false, "{\"a\":\"b\\\"}"s}, {false, "{ \"a\" : 1 , }"s}, {false, "{\"a\":(1)}"s},
    {false, "{\"a\":-}"s}, {false, "{\"a\":--1}"s}, {false, "{\"a\":1e}"s}, {false, "{\"a\":1e+}"s},
    {false, "{\"a\":0x10}"s}, {false, "{\"a\":.5}"s}, {false, "{\"a\":1,\"b\":3,c}"s}, {false, "{\"k\":[1,2}"s},
    {false, "{\"k\":{\"a\":1]}"s}, {false, "{\"a\":'b'}"s}, {false, "{\"a\":`b`}"s}, {false, "{\"a\":True}"s},
    {false, "{\"a\":None}"s}, {false, "{key: \"v\"}"s}, {false, "{\"a\"; 1}"s}, {false, "{\"a\",1}"s},
    {false, "{\"a\":1}{"s}, {false, "{\"a\":1}]"s}, {false, "{\"a\":1},"s},
    // empty
    {false, ""s}, {false, " "s}, {false, "\n"s}, {false, "\t"s}, {false, "\r\n"s}, {false, "   \n\t "s},
    {false, "\000"s}, {false, "\014"s}, {false, "\013"s}, {false, "\302\240"s}, {false, "\357\273\277"s},
    {false, "\343\200\200"s}, {false, "\377\376"s}, {false, "\357\273"s}, {false, "\037\213\010"s}, {false, "<xml/>"s},
    {false, "a,b,c"s}, {false, "--- yaml"s}, {false, "key=value"s}, {false, "GET / HTTP/1.1"s}, {false, "Obj\001"s},
    {false, "\000\000\000\000\005"s},
  };
}

} // namespace weir::core
