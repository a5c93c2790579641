// Two CSV files in, counts per bucket and the time it took: the whole native path without Python.
//   bench_matching LEDGER SETTLEMENT [THREADS]
// Files have the header reference,amount,currency,date. The answer is printed so that it can be compared before the
// time counts.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "cuadre/matching.hpp"

namespace {

cuadre::Layout plain() {
  cuadre::Layout layout;
  layout.reference.place.column = "reference";
  layout.amount.amount.column = "amount";
  layout.currency.place.column = "currency";
  layout.date.place.column = "date";
  layout.date.form = cuadre::DateForm::compile("YYYY-MM-DD");
  return layout;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: bench_matching LEDGER SETTLEMENT [THREADS]\n");
    return 2;
  }
  try {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::unique_ptr<cuadre::Source>> ledger, settlement;
    ledger.push_back(cuadre::open_file(arguments[1], plain()));
    settlement.push_back(cuadre::open_file(arguments[2], plain()));
    cuadre::MatchOptions options;
    options.read.threads = count > 3 ? static_cast<unsigned>(std::atoi(arguments[3])) : 2;
    const cuadre::MatchResult result = cuadre::match(std::move(ledger), std::move(settlement), options);
    const auto took = std::chrono::steady_clock::now() - start;
    for (const cuadre::BucketTotal& total : result.totals) {
      std::printf("%-20s %s %10llu %10llu\n", std::string(name(total.bucket)).c_str(),
                  std::string(total.currency.code()).c_str(), static_cast<unsigned long long>(total.ledger_rows),
                  static_cast<unsigned long long>(total.settlement_rows));
    }
    std::printf("%lld ms\n",
                static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  } catch (const cuadre::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
