#pragma once

#include <cstddef>
#include <cstdint>

/// The part of ONNX Runtime's C interface that weir calls: the table of functions of its version 1, as
/// `include/onnxruntime/core/session/onnxruntime_c_api.h` of version 1.8 has it. Later versions only add behind it. So
/// weir needs no header of ONNX Runtime to be built, and any later library to run.
namespace weir::models::ort {

struct status; ///< null: all is well
struct environment;
struct memory_info;
struct session;
struct session_options;
struct run_options;
struct value;
struct type_info;
struct tensor_info;
struct allocator;

/// ONNXTensorElementDataType: that of the file format.
enum class element_type : int { f32 = 1, i32 = 6, i64 = 7, text = 8, boolean = 9, f64 = 11 };

/// Of a number of a tensor; of a text 0.
constexpr std::size_t bytes_of(element_type type) noexcept {
  switch (type) {
  case element_type::f32:
  case element_type::i32: return 4;
  case element_type::i64:
  case element_type::f64: return 8;
  case element_type::boolean: return 1;
  case element_type::text: break;
  }
  return 0;
}

/// ONNXType
enum class value_kind : int { unknown, tensor, sequence, map };

/// OrtLoggingLevel; what fails is told by a status as well.
enum class logging_level : int { fatal = 4 };

/// OrtAllocatorType and OrtMemType
enum class allocator_kind : int { device = 0 };
enum class memory_kind : int { usual = 0 };

/// A function that is not called.
using unused = const void*;

/// OrtApi
struct api {
  unused first[2];
  const char* (*get_error_message)(const status* of) noexcept;
  status* (*create_environment)(logging_level level, const char* name, environment** made) noexcept;
  unused from_create_env_with_custom_logger[4];
  status* (*create_session_from_array)(const environment* in, const void* bytes, std::size_t size,
                                       const session_options* options, session** made) noexcept;
  status* (*run)(session* with, const run_options* options, const char* const* input_names, const value* const* inputs,
                 std::size_t input_count, const char* const* output_names, std::size_t output_count,
                 value** outputs) noexcept;
  status* (*create_session_options)(session_options** made) noexcept;
  unused from_set_optimized_model_file_path[6];
  status* (*disable_memory_pattern)(session_options* of) noexcept;
  unused from_enable_cpu_mem_arena[6];
  status* (*set_intra_op_threads)(session_options* of, int threads) noexcept;
  status* (*set_inter_op_threads)(session_options* of, int threads) noexcept;
  unused from_create_custom_op_domain[4];
  status* (*get_input_count)(const session* of, std::size_t* count) noexcept;
  status* (*get_output_count)(const session* of, std::size_t* count) noexcept;
  unused get_overridable_initializer_count;
  status* (*get_input_type)(const session* of, std::size_t index, type_info** made) noexcept;
  status* (*get_output_type)(const session* of, std::size_t index, type_info** made) noexcept;
  unused get_overridable_initializer_type;
  status* (*get_input_name)(const session* of, std::size_t index, allocator* from, char** made) noexcept;
  status* (*get_output_name)(const session* of, std::size_t index, allocator* from, char** made) noexcept;
  unused from_get_overridable_initializer_name[10];
  status* (*create_tensor)(allocator* from, const std::int64_t* shape, std::size_t axes, element_type type,
                           value** made) noexcept;
  status* (*create_tensor_of)(const memory_info* where, void* data, std::size_t bytes, const std::int64_t* shape,
                              std::size_t axes, element_type type, value** made) noexcept;
  status* (*is_tensor)(const value* what, int* is) noexcept;
  status* (*get_tensor_data)(value* of, void** data) noexcept;
  status* (*fill_texts)(value* into, const char* const* texts, std::size_t count) noexcept;
  status* (*get_texts_length)(const value* of, std::size_t* bytes) noexcept;
  status* (*get_texts)(const value* of, void* into, std::size_t bytes, std::size_t* offsets,
                       std::size_t count) noexcept;
  status* (*cast_to_tensor_info)(const type_info* of, const tensor_info** found) noexcept;
  status* (*get_kind)(const type_info* of, value_kind* kind) noexcept;
  unused from_create_tensor_type_and_shape_info[3];
  status* (*get_element_type)(const tensor_info* of, element_type* type) noexcept;
  status* (*get_axes)(const tensor_info* of, std::size_t* axes) noexcept;
  status* (*get_shape)(const tensor_info* of, std::int64_t* lengths, std::size_t axes) noexcept;
  unused from_get_symbolic_dimensions[2];
  status* (*get_tensor_info)(const value* of, tensor_info** made) noexcept;
  unused from_get_type_info[3];
  status* (*create_cpu_memory_info)(allocator_kind allocator, memory_kind memory, memory_info** made) noexcept;
  unused from_compare_memory_info[6];
  status* (*free)(allocator* to, void* memory) noexcept;
  unused allocator_get_info;
  status* (*get_default_allocator)(allocator** found) noexcept;
  unused from_add_free_dimension_override[14];
  void (*release_status)(status* of) noexcept;
  void (*release_memory_info)(memory_info* of) noexcept;
  void (*release_session)(session* of) noexcept;
  void (*release_value)(value* of) noexcept;
  unused release_run_options;
  void (*release_type_info)(type_info* of) noexcept;
  void (*release_tensor_info)(tensor_info* of) noexcept;
  void (*release_session_options)(session_options* of) noexcept;
};

// The places of some as that header counts them: a function that is left out would move all behind it.
static_assert(offsetof(api, run) == 9 * sizeof(void*));
static_assert(offsetof(api, get_input_count) == 30 * sizeof(void*));
static_assert(offsetof(api, get_texts) == 54 * sizeof(void*));
static_assert(offsetof(api, get_tensor_info) == 65 * sizeof(void*));
static_assert(offsetof(api, get_default_allocator) == 78 * sizeof(void*));
static_assert(offsetof(api, release_session_options) == 100 * sizeof(void*));

/// OrtApiBase
struct api_base {
  const api* (*get_api)(std::uint32_t version) noexcept; ///< null: the library does not know the version
  const char* (*get_version)() noexcept;
};

/// Of `struct api`.
inline constexpr std::uint32_t api_version = 1;

/// The library's only entry point: `const api_base* OrtGetApiBase()`.
inline constexpr auto entry_point = "OrtGetApiBase";

} // namespace weir::models::ort
