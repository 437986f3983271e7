project_test(
  video_reader_test
  LABEL codec
  SOURCES video_reader_damage_test.cc video_reader_input_test.cc
          video_reader_picture_test.cc video_reader_test.cc
          video_reader_timing_test.cc
  LIBS video_reader ffmpeg_tool absl::status absl::statusor)

project_test(
  video_reader_unit_test
  LABEL unit
  SOURCES display_geometry_test.cc frame_timing_test.cc input_file_test.cc
  LIBS video_reader ffmpeg_tool absl::status)
