#include "encoder_bridge/file_places.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "encoder_bridge/temporary_file.h"
#include "tests/testing/status_matchers.h"

namespace encoder_bridge {
namespace {

using testing_support::IsOk;

std::string Read(int fd, size_t size) {
  std::string text(size, '\0');
  const ssize_t got = read(fd, text.data(), size);
  text.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return text;
}

// A file that reads "abcdef", open for reading.
int OpenLetters() {
  const auto path = MakeTemporaryFile();
  if (!path.ok()) return -1;
  const int out = open(path->c_str(), O_WRONLY | O_CLOEXEC);
  const bool is_written = write(out, "abcdef", 6) == 6;
  close(out);
  const int fd = is_written ? open(path->c_str(), O_RDONLY | O_CLOEXEC) : -1;
  unlink(path->c_str());
  return fd;
}

// Runs `work` in a forked copy, and returns what it returns.
template <typename Work>
bool InACopy(Work work) {
  const pid_t pid = fork();
  if (pid == 0) _exit(work() ? 0 : 1);
  int status = 0;
  return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

TEST(FilePlacesTest, CopiesReadOnFromTheSamePlaceEachByItself) {
  const int fd = OpenLetters();
  ASSERT_GE(fd, 0);
  EXPECT_EQ(Read(fd, 2), "ab");
  const auto places = FilePlaces::Now();
  ASSERT_THAT(places, IsOk());
  for (int copy = 0; copy < 2; ++copy) {
    EXPECT_TRUE(
        InACopy([&] { return places->Reopen().ok() && Read(fd, 3) == "cde"; }));
  }
  EXPECT_EQ(Read(fd, 4), "cdef");
  close(fd);
}

TEST(FilePlacesTest, LeavesFilesAloneThatAreWritten) {
  const auto fd = OpenTemporaryFile();
  ASSERT_THAT(fd, IsOk());
  const auto places = FilePlaces::Now();
  ASSERT_THAT(places, IsOk());
  EXPECT_TRUE(InACopy(
      [&] { return places->Reopen().ok() && write(*fd, "abc", 3) == 3; }));
  EXPECT_EQ(lseek(*fd, 0, SEEK_CUR), 3);
  close(*fd);
}

}  // namespace
}  // namespace encoder_bridge
