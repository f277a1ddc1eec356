#include "models/onnxruntime/c_api.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A library in ONNX Runtime's place, with its entry point and its table of functions. Whatever the file, its graph
// takes `X`, floats [rows, 2], and `S`, texts [rows, 1], and gives `label`, texts, and `probabilities`, floats [rows,
// 2]. A row whose text is `unknown`, and whoever runs with it, is an error. What the bytes of a file hold changes that:
// see make_session(). It counts what is not released.

namespace weir::models::ort {

struct status {
  std::string text;
};
struct environment {};
struct memory_info {};
struct allocator {};
struct session_options {
  int threads = 0;
};
struct session {
  bool has_map = false;         ///< `ZipMap`: the probabilities are a sequence
  bool has_open_widths = false; ///< `open-widths`: no shape says how many columns there are
  bool mixes_rows = false;      ///< `mixed-rows`: the outputs have a row more
  bool mixes_blocks = false;    ///< `mixed-blocks`: they do where there are several
  std::int64_t rows = -1;       ///< `one-row`: it takes one at a time
};
struct value {
  element_type type;
  std::vector<std::int64_t> shape;
  std::vector<float> numbers;
  float* data = nullptr;
  std::vector<std::string> texts;
};
struct tensor_info {
  element_type type;
  std::vector<std::int64_t> shape;
};
struct type_info {
  value_kind kind;
  tensor_info tensor;
};

namespace {

std::atomic<int> live = 0;
allocator the_allocator;

template <class T>
T* keep(T made) {
  ++live;
  return new T(std::move(made));
}

template <class T>
void release(T* of) noexcept {
  if (of != nullptr)
    --live;
  delete of;
}

status* fail(std::string why) {
  return keep(status{std::move(why)});
}

status* create_environment(logging_level, const char*, environment** made) noexcept {
  static environment one;
  *made = &one;
  return nullptr;
}

status* make_session(const environment*, const void* bytes, std::size_t size, const session_options* options,
                     session** made) noexcept {
  const std::string_view file{static_cast<const char*>(bytes), size};
  const auto holds = [&](std::string_view what) { return file.find(what) != std::string_view::npos; };
  if (options->threads != 2)
    return fail("a call is to be computed by one thread");
  if (holds("unknown-operator"))
    return fail("no such\noperator");
  *made = keep(session{holds("ZipMap"), holds("open-widths"), holds("mixed-rows"), holds("mixed-blocks"),
                       holds("one-row") ? 1 : -1});
  return nullptr;
}

status* count_two(const session*, std::size_t* count) noexcept {
  *count = 2;
  return nullptr;
}

status* input_type(const session* of, std::size_t index, type_info** made) noexcept {
  const auto width = index == 0 ? (of->has_open_widths ? -1 : 2) : 1;
  *made = keep(type_info{value_kind::tensor, {index == 0 ? element_type::f32 : element_type::text, {of->rows, width}}});
  return nullptr;
}

status* output_type(const session* of, std::size_t index, type_info** made) noexcept {
  if (index == 0)
    *made = keep(type_info{value_kind::tensor, {element_type::text, {of->rows}}});
  else
    *made = keep(type_info{of->has_map ? value_kind::sequence : value_kind::tensor,
                           {element_type::f32, {of->rows, of->has_open_widths ? -1 : 2}}});
  return nullptr;
}

status* copy_name(const char* name, char** made) {
  ++live;
  *made = ::strdup(name);
  return nullptr;
}

status* input_name(const session*, std::size_t index, allocator*, char** made) noexcept {
  return copy_name(index == 0 ? "X" : "S", made);
}

status* output_name(const session*, std::size_t index, allocator*, char** made) noexcept {
  return copy_name(index == 0 ? "label" : "probabilities", made);
}

std::size_t elements_of(const std::vector<std::int64_t>& shape) {
  std::size_t count = 1;
  for (const auto length : shape)
    count *= static_cast<std::size_t>(length);
  return count;
}

status* create_tensor(allocator*, const std::int64_t* shape, std::size_t axes, element_type type,
                      value** made) noexcept {
  *made = keep(value{type, {shape, shape + axes}, {}, nullptr, {}});
  (*made)->texts.resize(elements_of((*made)->shape));
  return nullptr;
}

status* create_tensor_of(const memory_info*, void* data, std::size_t bytes, const std::int64_t* shape, std::size_t axes,
                         element_type type, value** made) noexcept {
  value one{type, {shape, shape + axes}, {}, static_cast<float*>(data), {}};
  if (bytes != elements_of(one.shape) * sizeof(float))
    return fail("another size");
  *made = keep(std::move(one));
  return nullptr;
}

status* fill_texts(value* into, const char* const* texts, std::size_t count) noexcept {
  if (count != into->texts.size())
    return fail("another number of texts");
  std::copy_n(texts, count, into->texts.begin());
  return nullptr;
}

status* run(session* with, const run_options*, const char* const* input_names, const value* const* inputs,
            std::size_t input_count, const char* const*, std::size_t, value** outputs) noexcept {
  if (input_count != 2 || std::string_view{input_names[0]} != "X" || std::string_view{input_names[1]} != "S")
    return fail("other inputs");
  const auto& x = *inputs[0];
  const auto& s = *inputs[1];
  const auto rows = static_cast<std::size_t>(x.shape[0]);
  if (with->rows == 1 && rows != 1)
    return fail("other rows");
  value label{element_type::text, {}, {}, nullptr, {}};
  value probabilities{element_type::f32, {}, {}, nullptr, {}};
  const auto has_one_more = with->mixes_rows || (with->mixes_blocks && rows > 1);
  for (std::size_t r = 0; r < rows + (has_one_more ? 1 : 0); ++r) {
    const auto at = std::min(r, rows - 1);
    if (s.texts[at] == "unknown")
      return fail("no such category");
    const auto p = 1 / (1 + std::exp(x.data[2 * at] - x.data[2 * at + 1]));
    label.texts.push_back(s.texts[at] + (p > 0.5F ? ":yes" : ":no"));
    probabilities.numbers.insert(probabilities.numbers.end(), {1 - p, p});
  }
  label.shape = {static_cast<std::int64_t>(label.texts.size())};
  probabilities.shape = {label.shape[0], 2};
  outputs[0] = keep(std::move(label));
  outputs[1] = keep(std::move(probabilities));
  outputs[1]->data = outputs[1]->numbers.data();
  return nullptr;
}

status* texts_length(const value* of, std::size_t* bytes) noexcept {
  *bytes = 0;
  for (const auto& text : of->texts)
    *bytes += text.size();
  return nullptr;
}

status* get_texts(const value* of, void* into, std::size_t, std::size_t* offsets, std::size_t count) noexcept {
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; at += of->texts[i++].size()) {
    offsets[i] = at;
    std::memcpy(static_cast<char*>(into) + at, of->texts[i].data(), of->texts[i].size());
  }
  return nullptr;
}

constexpr api functions{
    .first = {},
    .get_error_message = [](const status* of) noexcept { return of->text.c_str(); },
    .create_environment = create_environment,
    .from_create_env_with_custom_logger = {},
    .create_session_from_array = make_session,
    .run = run,
    .create_session_options = [](session_options** made) noexcept -> status* {
      *made = keep(session_options{});
      return nullptr;
    },
    .from_set_optimized_model_file_path = {},
    .disable_memory_pattern = [](session_options*) noexcept -> status* { return nullptr; },
    .from_enable_cpu_mem_arena = {},
    .set_intra_op_threads = [](session_options* of, int threads) noexcept -> status* {
      of->threads += threads;
      return nullptr;
    },
    .set_inter_op_threads = [](session_options* of, int threads) noexcept -> status* {
      of->threads += threads;
      return nullptr;
    },
    .from_create_custom_op_domain = {},
    .get_input_count = count_two,
    .get_output_count = count_two,
    .get_overridable_initializer_count = nullptr,
    .get_input_type = input_type,
    .get_output_type = output_type,
    .get_overridable_initializer_type = nullptr,
    .get_input_name = input_name,
    .get_output_name = output_name,
    .from_get_overridable_initializer_name = {},
    .create_tensor = create_tensor,
    .create_tensor_of = create_tensor_of,
    .is_tensor = [](const value*, int* is) noexcept -> status* {
      *is = 1;
      return nullptr;
    },
    .get_tensor_data = [](value* of, void** data) noexcept -> status* {
      *data = of->data;
      return nullptr;
    },
    .fill_texts = fill_texts,
    .get_texts_length = texts_length,
    .get_texts = get_texts,
    .cast_to_tensor_info = [](const type_info* of, const tensor_info** found) noexcept -> status* {
      *found = &of->tensor;
      return nullptr;
    },
    .get_kind = [](const type_info* of, value_kind* kind) noexcept -> status* {
      *kind = of->kind;
      return nullptr;
    },
    .from_create_tensor_type_and_shape_info = {},
    .get_element_type = [](const tensor_info* of, element_type* type) noexcept -> status* {
      *type = of->type;
      return nullptr;
    },
    .get_axes = [](const tensor_info* of, std::size_t* axes) noexcept -> status* {
      *axes = of->shape.size();
      return nullptr;
    },
    .get_shape = [](const tensor_info* of, std::int64_t* lengths, std::size_t) noexcept -> status* {
      std::ranges::copy(of->shape, lengths);
      return nullptr;
    },
    .from_get_symbolic_dimensions = {},
    .get_tensor_info = [](const value* of, tensor_info** made) noexcept -> status* {
      *made = keep(tensor_info{of->type, of->shape});
      return nullptr;
    },
    .from_get_type_info = {},
    .create_cpu_memory_info = [](allocator_kind, memory_kind, memory_info** made) noexcept -> status* {
      static memory_info one;
      *made = &one;
      return nullptr;
    },
    .from_compare_memory_info = {},
    .free = [](allocator*, void* memory) noexcept -> status* {
      --live;
      std::free(memory);
      return nullptr;
    },
    .allocator_get_info = nullptr,
    .get_default_allocator = [](allocator** found) noexcept -> status* {
      *found = &the_allocator;
      return nullptr;
    },
    .from_add_free_dimension_override = {},
    .release_status = release<status>,
    .release_memory_info = release<memory_info>,
    .release_session = release<session>,
    .release_value = release<value>,
    .release_run_options = nullptr,
    .release_type_info = release<type_info>,
    .release_tensor_info = release<tensor_info>,
    .release_session_options = release<session_options>,
};

} // namespace
} // namespace weir::models::ort

/// What ONNX Runtime's library has.
extern "C" __attribute__((visibility("default"))) const weir::models::ort::api_base* OrtGetApiBase() {
  using namespace weir::models;
  static constexpr ort::api_base base{
      .get_api = [](std::uint32_t version) noexcept { return version == ort::api_version ? &ort::functions : nullptr; },
      .get_version = []() noexcept { return "0.0.0"; }};
  return &base;
}

/// How much of what it has made is not released.
extern "C" __attribute__((visibility("default"))) int weir_live_handles() {
  return weir::models::ort::live;
}
