#include "models/onnx/class_outputs.hpp"
#include "models/onnx/file_writer.hpp"
#include "models/onnx/metadata.hpp"
#include "models/onnxruntime/runtime_reader.hpp"
#include "tests/models/model_fixture.hpp"

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <thread>

#include <dlfcn.h>

namespace weir::models {
namespace {

/// With a library in ONNX Runtime's place: tests/fakes/onnxruntime.cpp.
class runtime_model_test : public model_fixture {
protected:
  void SetUp() override { ::setenv("ONNXRUNTIME_LIBRARY", WEIR_FAKE_ONNXRUNTIME, 1); }
  void TearDown() override { ::unsetenv("ONNXRUNTIME_LIBRARY"); }

  /// @param that the library does something else than usual
  static std::string file(const std::string& that = {}, const std::vector<std::string>& names = {}) {
    file_writer made;
    made.input("X", element::f32, 2);
    made.output("label", element::text, 0);
    const class_labels classes = std::vector<std::string>{"no", "yes"};
    made.node("LinearClassifier", {"X"}, {"label", "probabilities"}, {labels_attribute(classes)});
    if (!that.empty())
      made.metadata("about", that);
    if (!names.empty())
      write_metadata(names, made);
    return made.bytes();
  }

  static model_ptr read(const std::string& bytes) {
    auto made = read_runtime_model(bytes, {"v", "d"});
    EXPECT_TRUE(made) << made.error().text();
    return *made;
  }

  static core::error problem(const std::string& bytes, bool explains = false) {
    const auto made = read_runtime_model(bytes, {}, explains);
    EXPECT_FALSE(made);
    return made ? core::error{} : made.error();
  }

  /// What the library has made and is not released.
  static int live_handles() {
    auto* const library = ::dlopen(WEIR_FAKE_ONNXRUNTIME, RTLD_NOW);
    const auto count = reinterpret_cast<int (*)()>(::dlsym(library, "weir_live_handles"))();
    ::dlclose(library);
    return count;
  }

  static double second(double a, double b) { return 1 / (1 + std::exp(a - b)); }
};

TEST_F(runtime_model_test, takes_the_inputs_and_gives_the_outputs_of_the_graph) {
  const auto m = read(file());
  const auto& meaning = m->meaning();
  ASSERT_EQ(meaning.features.size(), 3u);
  EXPECT_EQ(meaning.features[1].name, "X[1]");
  EXPECT_EQ(meaning.features[1].type, element::f32);
  EXPECT_EQ(meaning.features[2].name, "S");
  EXPECT_EQ(meaning.features[2].type, element::text);
  EXPECT_FALSE(meaning.has_names);
  EXPECT_TRUE(m->is_classifier());
  EXPECT_EQ(meaning.prediction, 0u);
  ASSERT_EQ(meaning.probabilities, 1u);
  EXPECT_EQ(*meaning.outputs[1].labels, class_labels(std::vector<std::string>{"no", "yes"}));
  EXPECT_EQ(m->version(), "v");
}

TEST_F(runtime_model_test, gives_each_row_what_the_library_computes_however_many_come_with_it) {
  const auto m = read(file());
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 100; ++i)
    rows.push_back({std::to_string(i % 7), std::to_string(i % 5), std::string(static_cast<std::size_t>(i % 4), 'x')});
  for (const std::size_t together : {1u, 3u, 64u, 1000u}) {
    const auto made = test::score(*m, rows, together);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto p = second(static_cast<double>(r % 7), static_cast<double>(r % 5));
      EXPECT_EQ(made.texts[0][r], rows[r][2] + (p > 0.5 ? ":yes" : ":no")) << r;
      EXPECT_NEAR(made.numbers[1][r], 1 - p, 1e-6);
      EXPECT_NEAR(made.numbers[2][r], p, 1e-6);
      EXPECT_EQ(made.numbers[3][r], 0) << "not refused";
    }
  }
}

TEST_F(runtime_model_test, makes_texts_that_stay_when_the_thread_scores_again) {
  const auto m = read(file());
  row_block block{*m};
  const auto label_of = [&](std::string_view text) {
    block.clear();
    block.set(0, 0);
    block.set(1, 1);
    block.set(2, text);
    block.add_row();
    return *static_cast<const std::string_view*>(block.predict()[0]);
  };
  const auto first = label_of("first");
  EXPECT_EQ(label_of("again"), "again:yes");
  EXPECT_EQ(first, "first:yes");
}

TEST_F(runtime_model_test, refuses_only_the_rows_that_the_library_cannot_compute) {
  const auto m = read(file());
  EXPECT_EQ(m->meaning().refusals, (std::vector<std::string>{"ONNX Runtime cannot compute the row"}));
  std::vector<std::vector<std::string>> rows(40, {"0", "1", "known"});
  rows[0][2] = rows[17][2] = rows[18][2] = "unknown";
  rows[39][2] = std::string{"known\0 to nobody", 16};
  const auto made = test::score(*m, rows);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto is_refused = r == 0 || r == 17 || r == 18 || r == 39;
    EXPECT_EQ(made.numbers[3][r], is_refused) << r;
    EXPECT_EQ(made.texts[0][r], is_refused ? "" : "known:yes") << r;
    EXPECT_NEAR(made.numbers[2][r], is_refused ? 0 : second(0, 1), 1e-6) << r;
  }
}

TEST_F(runtime_model_test, computes_rows_apart_where_those_of_a_block_do_not_come_out_one_by_one) {
  const auto m = read(file("mixed-blocks"));
  const auto made = test::score(*m, {{"0", "1", "a"}, {"1", "0", "b"}, {"0", "1", "c"}});
  EXPECT_EQ(made.texts[0], (std::vector<std::string>{"a:yes", "b:no", "c:yes"}));
  EXPECT_EQ(made.numbers[3], (std::vector<double>{0, 0, 0}));
}

TEST_F(runtime_model_test, scores_one_row_at_a_time_where_the_graph_takes_no_more) {
  const auto m = read(file("one-row"));
  EXPECT_EQ(m->block_rows(), 1u);
  const auto made = test::score(*m, {{"0", "1", "a"}, {"1", "0", "b"}});
  EXPECT_EQ(made.texts[0], (std::vector<std::string>{"a:yes", "b:no"}));
}

TEST_F(runtime_model_test, has_the_names_of_the_metadata) {
  const auto m = read(file({}, {"Amount", "Age", "Country"}));
  EXPECT_TRUE(m->meaning().has_names);
  EXPECT_EQ(m->meaning().features[2].name, "Country");
  EXPECT_NE(problem(file({}, {"Amount"})).what.find("feature_names"), std::string::npos);
}

TEST_F(runtime_model_test, is_shared_by_threads) {
  const auto m = read(file());
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      const std::vector<std::vector<std::string>> rows(50, {"0", std::to_string(t), std::string(9, char('a' + t))});
      for (int times = 0; times < 20; ++times) {
        const auto made = test::score(*m, rows);
        for (const auto& label : made.texts[0])
          wrong += label.substr(0, 9) != rows[0][2];
      }
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(runtime_model_test, releases_all_that_the_library_makes) {
  {
    const auto m = read(file());
    std::vector<std::vector<std::string>> rows(5, {"0", "1", "known"});
    rows[2][2] = "unknown";
    test::score(*m, rows);
    EXPECT_EQ(live_handles(), 1) << "the session";
  }
  problem(file("ZipMap"));
  problem(file("unknown-operator"));
  problem(file("open-widths"));
  EXPECT_EQ(live_handles(), 0);
}

TEST_F(runtime_model_test, says_what_it_cannot_take) {
  EXPECT_EQ(problem(file("unknown-operator")).what, "ONNX Runtime: no such operator");
  const auto map = problem(file("ZipMap"));
  EXPECT_EQ(map.what, "output 'probabilities' is a sequence, no tensor");
  EXPECT_NE(map.remedy.find("zipmap=False"), std::string::npos);
  EXPECT_NE(problem(file("open-widths")).what.find("how many columns the input 'X' has"), std::string::npos);
  EXPECT_EQ(problem(file("mixed-rows")).what, "the output 'label' has not a value of its type for each row");
  EXPECT_EQ(problem("no model").what, "this is no ONNX file");
  EXPECT_EQ(problem(file(), true).what, "ONNX Runtime says no SHAP values");
}

TEST_F(runtime_model_test, says_what_to_install_where_there_is_no_library) {
  for (const auto* path : {"/no/such/libonnxruntime.so", "/dev/null"}) {
    ::setenv("ONNXRUNTIME_LIBRARY", path, 1);
    const auto missing = problem(file());
    EXPECT_EQ(missing.what.find("ONNX Runtime cannot be loaded: "), 0u) << missing.what;
    EXPECT_NE(missing.what.find(path), std::string::npos) << missing.what;
    EXPECT_NE(missing.remedy.find("ONNXRUNTIME_LIBRARY"), std::string::npos);
    EXPECT_NE(missing.remedy.find("weir list operators"), std::string::npos);
  }
}

TEST_F(runtime_model_test, takes_only_a_library_that_is_onnx_runtime) {
  const auto* const other = "libm.so.6";
  ::setenv("ONNXRUNTIME_LIBRARY", other, 1);
  EXPECT_EQ(problem(file()).what, "ONNX Runtime cannot be loaded: 'libm.so.6' is not ONNX Runtime");
}

TEST_F(runtime_model_test, is_what_a_path_is_loaded_as_where_that_backend_is_asked_for) {
  const auto path = path_of("regressor.onnx");
  const auto m = model::load(path, {}, false, backend::onnxruntime);
  ASSERT_TRUE(m) << m.error().text();
  EXPECT_EQ((*m)->meaning().outputs[0].name, "label") << "of the library that stands in its place";
  EXPECT_EQ((*m)->version(), (*model::load(path))->version());
}

} // namespace
} // namespace weir::models
