#include "cli/demo_report.hpp"

#include "cli/run_view.hpp"

#include <cstdio>

namespace weir::cli {

namespace {

void print_transactions(const char* title, const std::deque<scored_transaction>& transactions) {
  std::printf("  %s\n", title);
  for (const auto& t : transactions)
    std::printf("    %-10s %10.2f %14.2f %8.1f %8.3f  %s\n", t.customer.c_str(), t.amount, t.rolling_mean, t.z, t.risk,
                t.anomaly ? "anomaly" : "-");
}

void print_agreement(const char* name, const agreement& a, std::uint64_t labelled) {
  std::printf("    %-30s %8s %8s %10.1f %% %7.1f %%\n", name, grouped(a.flagged).c_str(), grouped(a.right).c_str(),
              100 * a.precision(), 100 * a.recall(labelled));
}

void print_file(const std::string& path, const char* what) {
  std::printf("  %-22s %s\n", path.substr(path.rfind('/') + 1).c_str(), what);
}

} // namespace

void print_findings(const demo_outcome& outcome) {
  const auto& found = outcome.findings;
  std::printf("\nPredictions: the last transactions that came out\n"
              "    %-10s %10s %14s %8s %8s  %s\n",
              "customer", "amount", "rolling mean", "z", "risk", "detector");
  print_transactions("ordinary, by their label", found.ordinary);
  print_transactions("odd, by their label", found.odd);
  std::printf("  rolling mean: of the customer's last 20 amounts; z: standard deviations from the amounts before;\n"
              "  risk: what the forest makes of amount, averages, age, time, kind, place and device, 0 to 1\n");

  std::printf("\nAnomalies: what was found, against the labels, which no step of the stream has seen\n"
              "  %s of %s transactions are labelled\n"
              "    %-30s %8s %8s %12s %9s\n",
              grouped(found.labelled).c_str(), grouped(found.records).c_str(), "", "flagged", "right", "precision",
              "recall");
  print_agreement("z-score beyond 3", found.by_zscore, found.labelled);
  print_agreement("risk above 0.5", found.by_risk, found.labelled);
  print_agreement("both (this raises an alert)", found.by_both, found.labelled);
  std::printf("  precision: how many of the flagged are labelled; recall: how many of the labelled are flagged\n"
              "  (a z-score judges a customer whom it has seen five times; the forest knows what others are like)\n");

  std::printf("\nAlerts: %s raised, %s over by now\n", grouped(found.alerts).c_str(), grouped(found.resolved).c_str());
  for (const auto& summary : found.summaries)
    std::printf("    %s\n", summary.c_str());

  const auto& ledger = outcome.totals.ledger;
  std::printf("\nLedger: every record is accounted for\n"
              "    received %s = emitted %s + filtered %s + dead-lettered %s + in flight %s%s\n",
              grouped(ledger.received).c_str(), grouped(ledger.emitted).c_str(), grouped(ledger.filtered).c_str(),
              grouped(ledger.dead_lettered).c_str(), grouped(ledger.in_flight).c_str(),
              ledger.balanced() ? "" : "   IT DOES NOT BALANCE");
  if (!found.dead_letters.empty())
    std::printf("  why dead letters are dead\n");
  for (const auto& [reason, count] : found.dead_letters)
    std::printf("    %8s  %s\n", grouped(count).c_str(), reason.c_str());
  std::printf(
      "\nSpeed: %s records in %.2f s, %s records/s\n", grouped(ledger.received).c_str(), outcome.stream_seconds,
      grouped(static_cast<std::uint64_t>(static_cast<double>(ledger.received) / outcome.stream_seconds)).c_str());
}

void print_files(const demo_files& files, const demo_topics* topics, const std::string& brokers) {
  std::printf("\nFiles in %s\n", files.folder.c_str());
  print_file(files.pipeline, "what has run: change it, and `weir run` it");
  print_file(files.live, "what it read");
  print_file(files.scored, "what came out");
  print_file(files.alerts, "the alerts");
  if (topics == nullptr)
    print_file(files.dead_letters, "what could not be read or scored, and why");
  print_file(files.model, "the forest (ONNX), learned from features.csv, which features.yaml made of history.csv");
  if (topics != nullptr)
    std::printf("\nTopics on %s: %s, %s, %s, %s\n  weir consume %s --brokers %s --limit 5\n", brokers.c_str(),
                topics->in.c_str(), topics->scored.c_str(), topics->alerts.c_str(), topics->dead_letters.c_str(),
                topics->scored.c_str(), brokers.c_str());
}

} // namespace weir::cli
