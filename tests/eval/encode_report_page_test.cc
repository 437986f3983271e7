// Opens reports of encodes in headless Chromium and looks at what became of
// them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "eval/encode_report.h"
#include "tests/eval/sweep_example.h"
#include "tests/selfplay/opened_page.h"

namespace eval {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

EncodeReport Example(int num_frames) {
  EncodeReport report = {.input = "in.mp4",
                         .output = "out.webm",
                         .controller = "feedback",
                         .target_kbps = 500,
                         .facts = {{"cpu-used", "4"}}};
  report.result.frames = ExampleTrace("", "", num_frames).frames;
  report.result.shown_frames = num_frames;
  report.result.duration_seconds = num_frames / 25.0;
  report.result.packet_bytes = 123456;
  report.result.bitrate_kbps = 505;
  report.result.psnr = {.mean_db = 38.5, .global_db = 38.25, .y_db = 37};
  double psnr_db = 36;
  for (encoder_bridge::CodedFrame& frame : report.result.frames) {
    if (frame.is_shown) frame.psnr_db = psnr_db += 0.01;
  }
  return report;
}

std::string Open(const EncodeReport& report) {
  return testing_support::OpenedPage(RenderEncodeReport(report), "#all");
}

TEST(EncodeReportPageTest, DrawsEveryChartAndFetchesNothing) {
  // QP, bits, PSNR; bitrate, and what is spent.
  EXPECT_THAT(Open(Example(150)), AllOf(HasSubstr("data-charts=\"5\""),
                                        HasSubstr("data-charts-drawn=\"5\""),
                                        HasSubstr("data-fetched=\"0\"")));
}

TEST(EncodeReportPageTest, BeginsWithBitrateTargetAndQuality) {
  EXPECT_THAT(Open(Example(50)),
              HasSubstr(">out.webm: 505 kbit/s (+1.00 % of its target), PSNR "
                        "38.50 dB.</h1>"));
}

TEST(EncodeReportPageTest, TellsTotalsOfEachFrameType) {
  const EncodeReport report = Example(50);
  int key_frames = 0;
  int64_t bits = 0;
  for (const encoder_bridge::CodedFrame& frame : report.result.frames) {
    if (frame.type != encoder_bridge::FrameType::kKey) continue;
    ++key_frames;
    bits += frame.bits;
  }
  ASSERT_EQ(key_frames, 1);
  ASSERT_LT(bits, 1000000);
  const std::string number =
      bits < 1000 ? std::to_string(bits)
                  : std::to_string(bits / 1000) + "," +
                        std::to_string(1000 + bits % 1000).substr(1);
  const std::string page = Open(report);
  EXPECT_THAT(page, HasSubstr("<td class=\"text\">key</td><td>1</td>"));
  EXPECT_THAT(page, HasSubstr("<td>" + number + "</td>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"text\">ARF (hidden)</td>"));
}

TEST(EncodeReportPageTest, ShowsWhatWasPlannedOnlyWhereSomethingWas) {
  EncodeReport report = Example(50);
  EXPECT_THAT(Open(report), Not(HasSubstr("what was planned for it.</p>")));
  for (const encoder_bridge::CodedFrame& frame : report.result.frames) {
    report.plans.push_back(
        {.coding_index = frame.coding_index,
         .planned_q_index = frame.q_index + 4,
         .predicted_bits = static_cast<double>(2 * frame.bits)});
  }
  report.plans.back() = {};  // The network failed.
  EXPECT_THAT(Open(report), AllOf(HasSubstr("what was planned for it.</p>"),
                                  HasSubstr("data-charts-drawn=\"5\"")));
}

TEST(EncodeReportPageTest, ComparesWithLibvpxOnlyIfItWasAsked) {
  EncodeReport report = Example(50);
  EXPECT_THAT(Open(report), Not(HasSubstr("<td class=\"text\">libvpx: key")));
  report.libvpx = report.result;
  report.libvpx->psnr.mean_db = 38;
  EXPECT_THAT(Open(report),
              AllOf(HasSubstr("<td class=\"text\">libvpx: key</td><td>1</td>"),
                    HasSubstr(">+0.50 dB</b><span>against libvpx, which has "
                              "38.00 dB at 505 kbit/s<"),
                    HasSubstr("data-charts-drawn=\"5\"")));
}

TEST(EncodeReportPageTest, AnEncodeWithoutATargetHasNone) {
  EncodeReport report = Example(50);
  report.target_kbps.reset();
  EXPECT_THAT(Open(report), AllOf(HasSubstr(">no target<"),
                                  HasSubstr(">out.webm: 505 kbit/s, PSNR"),
                                  HasSubstr("data-charts-drawn=\"5\"")));
}

TEST(EncodeReportPageTest, AnEncodeOfOneFrameIsDrawn) {
  EXPECT_THAT(Open(Example(1)), HasSubstr("data-charts-drawn=\"5\""));
}

TEST(EncodeReportPageTest, AnHourIsShownInParts) {
  EXPECT_THAT(Open(Example(100)), Not(HasSubstr("from 2:00</option>")));
  EXPECT_THAT(Open(Example(90'000)), AllOf(HasSubstr("from 2:00</option>"),
                                           HasSubstr("from 58:00</option>"),
                                           HasSubstr("drawn=\"5\"")));
}

TEST(EncodeReportPageTest, NamesOfFilesAreTextAndNotCode) {
  EncodeReport report = Example(50);
  report.output = "</script><img src=x onerror=\"document.title='taken'\">";
  const std::string page = Open(report);
  EXPECT_THAT(page, HasSubstr("<title>muzero-rc encode</title>"));
  EXPECT_THAT(page, HasSubstr("&lt;img src=x onerror="));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
}

}  // namespace
}  // namespace eval
