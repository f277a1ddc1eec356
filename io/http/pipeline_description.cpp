#include "config/show.hpp"
#include "io/http/stats_service.hpp"
#include "io/json_document.hpp"

namespace weir::io {

namespace {

void write(json_document& out, const config::value& shown);

void write(json_document& out, const config::value::mapping& shown) {
  out.begin_object();
  for (const auto& [name, value] : shown) {
    out.key(name);
    write(out, value);
  }
  out.end_object();
}

struct writer {
  json_document& out;

  void operator()(std::monostate) const { out.null(); }
  void operator()(const config::value::mapping& members) const { write(out, members); }
  void operator()(const config::value::list& items) const {
    out.begin_array();
    for (const auto& item : items)
      write(out, item);
    out.end_array();
  }
  template <class Scalar>
  void operator()(const Scalar& scalar) const {
    out.value(scalar);
  }
};

void write(json_document& out, const config::value& shown) {
  std::visit(writer{out}, shown.data);
}

} // namespace

std::string describe(const config::pipeline& pipeline) {
  auto all = config::show(pipeline);
  all.insert(all.begin() + 1, {"file", config::value{pipeline.file}});
  json_document out;
  write(out, all);
  return out.text();
}

} // namespace weir::io
