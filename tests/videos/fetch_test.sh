#!/bin/bash
#
# Usage: fetch_test.sh PATH_OF_VIDEOS_FETCH
#
# Runs videos/fetch on little packages made here, without any network.  Each
# test is a function whose name says what it wants; all of them run, and the
# exit status is 1 if one fails.
#
# shellcheck disable=SC2317  # The tests are called by the loop at the end.

set -uo pipefail
export LC_ALL=C

readonly FETCH=$1
COLUMNS='name,package,version,path,width,height,'
COLUMNS+='frame_rate,frames,sha256,licence,split'
readonly COLUMNS

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# --- Material -----------------------------------------------------------------

# Makes the package $1 of version $2 in debs/: a plain clip, $3, and a
# compressed one.
make_package() {
  local root="$work/root"
  rm -rf "$root"
  mkdir -p "$root/DEBIAN" "$root/usr/share/$1" debs
  chmod 755 "$root/DEBIAN"
  printf 'Package: %s\nVersion: %s\nArchitecture: all\n' "$1" "$2" \
    >"$root/DEBIAN/control"
  printf 'Maintainer: A <a@example.org>\nDescription: clips\n' \
    >>"$root/DEBIAN/control"
  printf '%s' "$3" >"$root/usr/share/$1/plain.avi"
  printf 'packed clip' | gzip -n >"$root/usr/share/$1/packed.mp4.gz"
  dpkg-deb --root-owner-group --build "$root" "debs/$1_$2_all.deb" >/dev/null
}

sha256_of_text() { printf '%s' "$1" | sha256sum | cut -d ' ' -f 1; }

# Writes list.csv: the two clips of package `clips` 1.0, the plain one as $1.
make_list() {
  {
    echo "$COLUMNS"
    echo "plain,clips,1.0,/usr/share/clips/plain.avi,64,48,25,10,$(
      sha256_of_text "$1"),CC0 and more,train"
    echo "packed,clips,1.0,/usr/share/clips/packed.mp4.gz,,,,,$(
      sha256_of_text 'packed clip'),CC0,test"
  } >list.csv
}

# An apt-get that downloads from debs/ and notes what it was asked for.
make_fake_apt() {
  mkdir bin
  cat >bin/apt-get <<END
#!/bin/bash
echo "\$*" >>"$PWD/apt.calls"
cp "$PWD/debs/\${!#}"_*.deb . 2>/dev/null && exit
echo "E: Unable to locate package \${!#}"
exit 100
END
  chmod +x bin/apt-get
}

run_fetch() {
  status=0
  PATH="$PWD/bin:$PATH" "$FETCH" --list list.csv "$@" out >stdout 2>stderr ||
    status=$?
}

# --- Assertions ---------------------------------------------------------------

fail() {
  echo "  line ${BASH_LINENO[1]}: $*"
  sed 's/^/    stderr: /' stderr
  failed=yes
}

expect_equal() { # WHAT GOT WANTED
  [[ $2 == "$3" ]] || fail "$1 is '$2', wanted '$3'"
}

expect_one_line_of_error() { # PATTERN
  [[ $(grep -vcE '^fetch: (downloading|got) ' stderr) == 1 ]] ||
    fail "wanted one line of error besides progress"
  grep -qE -- "$1" stderr || fail "no '$1' in the error"
}

expect_files() { # WANTED, as `ls -A` separates with spaces
  expect_equal 'content of out' "$(find out -mindepth 1 -printf '%P\n' |
    sort | xargs)" "$1"
}

# --- Tests --------------------------------------------------------------------

copies_clips_unchanged_and_unpacks_gz() {
  make_package clips 1.0 'plain clip'
  make_list 'plain clip'
  run_fetch --debs debs
  expect_equal status "$status" 0
  expect_files 'catalogue.csv packed.mp4 plain.avi'
  expect_equal plain.avi "$(cat out/plain.avi)" 'plain clip'
  expect_equal packed.mp4 "$(cat out/packed.mp4)" 'packed clip'
}

writes_a_catalogue_and_prints_its_path() {
  make_package clips 1.0 'plain clip'
  make_list 'plain clip'
  run_fetch --debs debs
  expect_equal stdout "$(cat stdout)" out/catalogue.csv
  expect_equal header "$(sed -n 1p out/catalogue.csv)" \
    'name,path,width,height,frame_rate,frames,sha256,licence,source,split'
  expect_equal row "$(sed -n 2p out/catalogue.csv)" \
    "plain,plain.avi,64,48,25,10,$(sha256_of_text 'plain clip'),$(
    )CC0 and more,debian:clips:/usr/share/clips/plain.avi,train"
  expect_equal 'row of unknown size' "$(sed -n 3p out/catalogue.csv)" \
    "packed,packed.mp4,,,,,$(sha256_of_text 'packed clip'),CC0,$(
    )debian:clips:/usr/share/clips/packed.mp4.gz,test"
}

downloads_each_package_once() {
  make_package clips 1.0 'plain clip'
  make_list 'plain clip'
  make_fake_apt
  run_fetch
  expect_equal status "$status" 0
  expect_equal 'calls of apt-get' "$(cat apt.calls)" '-q download clips'
  expect_files 'catalogue.csv packed.mp4 plain.avi'
}

downloads_nothing_that_is_there_and_right() {
  make_package clips 1.0 'plain clip'
  make_list 'plain clip'
  make_fake_apt
  run_fetch
  local before
  before=$(stat -c '%i %Y' out/plain.avi out/packed.mp4)
  rm apt.calls out/catalogue.csv
  run_fetch
  expect_equal status "$status" 0
  [[ ! -e apt.calls ]] || fail "apt-get was called again"
  expect_equal files "$(stat -c '%i %Y' out/plain.avi out/packed.mp4)" "$before"
  expect_files 'catalogue.csv packed.mp4 plain.avi'
}

gets_a_damaged_clip_again() {
  make_package clips 1.0 'plain clip'
  make_list 'plain clip'
  run_fetch --debs debs
  echo damage >>out/plain.avi
  run_fetch --debs debs
  expect_equal status "$status" 0
  expect_equal plain.avi "$(cat out/plain.avi)" 'plain clip'
}

refuses_a_file_with_another_sha256() {
  make_package clips 1.0 'other clip'
  make_list 'plain clip'
  run_fetch --debs debs
  expect_equal status "$status" 1
  expect_one_line_of_error "plain.avi in clips_1.0_all.deb has sha256 $(
    sha256_of_text 'other clip'), wanted $(sha256_of_text 'plain clip'): $(
    )the package is damaged or the list is wrong"
  expect_files ''
}

says_when_a_newer_package_changed_the_file() {
  make_package clips 2.0 'new clip'
  make_list 'plain clip'
  run_fetch --debs debs
  expect_equal status "$status" 1
  expect_one_line_of_error 'clips_2.0_all.deb has .* for version 1.0, this ver'
  expect_files ''
}

takes_a_newer_package_with_the_same_file() {
  make_package clips 2.0 'plain clip'
  make_list 'plain clip'
  run_fetch --debs debs
  expect_equal status "$status" 0
}

leaves_a_former_catalogue_when_it_fails() {
  make_package clips 1.0 'plain clip'
  make_list 'plain clip'
  run_fetch --debs debs
  local before
  before=$(sha256sum out/*)
  make_list 'another clip'
  run_fetch --debs debs
  expect_equal status "$status" 1
  expect_equal 'content of out' "$(sha256sum out/*)" "$before"
}

names_a_file_that_the_package_lacks() {
  make_package clips 1.0 'plain clip'
  make_list 'plain clip'
  sed -i 's/plain.avi/gone.avi/' list.csv
  run_fetch --debs debs
  expect_equal status "$status" 1
  expect_one_line_of_error 'no /usr/share/clips/gone.avi in clips_1.0_all.deb'
  expect_files ''
}

names_a_package_that_is_not_in_the_folder() {
  mkdir debs
  make_list 'plain clip'
  run_fetch --debs debs
  expect_equal status "$status" 1
  expect_one_line_of_error 'no package clips in debs'
}

names_a_package_that_cannot_be_downloaded() {
  make_fake_apt
  make_list 'plain clip'
  run_fetch
  expect_equal status "$status" 1
  expect_one_line_of_error \
    'cannot download package clips: E: Unable to locate package clips'
  expect_files ''
}

refuses_a_file_that_is_no_package() {
  mkdir debs
  echo text >debs/clips_1.0_all.deb
  make_list 'plain clip'
  run_fetch --debs debs
  expect_equal status "$status" 1
  expect_one_line_of_error 'clips_1.0_all.deb is not a Debian package'
  expect_files ''
}

leaves_nothing_half_written_when_terminated() {
  make_list 'plain clip'
  mkdir bin
  printf '#!/bin/bash\ntouch "%s/started"\nsleep 1\n' "$PWD" >bin/apt-get
  chmod +x bin/apt-get
  PATH="$PWD/bin:$PATH" "$FETCH" --list list.csv out >stdout 2>stderr &
  until [[ -e started ]]; do sleep 0.05; done
  kill -TERM $!
  wait $!
  expect_equal status $? 143
  expect_files ''
}

says_where_the_list_is_wrong() {
  local row edit wanted
  while IFS='|' read -r row edit wanted; do
    make_list 'plain clip'
    sed -i "$row$edit" list.csv
    run_fetch --debs .
    expect_equal status "$status" 1
    expect_one_line_of_error "list.csv:$row: $wanted"
  done <<'END'
1|s/name/title/|wanted the header name,package
2|s/CC0/CC0, too/|wanted 11 fields, got 12
2|s/CC0/"CC0"/|quotes are not understood
2|s/clips/-o/|wanted a name, a package and an absolute path
2|s~/usr~usr~|wanted a name, a package and an absolute path
3|s/packed,/plain,/|clip plain is there twice
3|s/packed.mp4.gz/plain.avi/|file plain.avi is there twice
3|s/,CC0,/0,CC0,/|wanted a sha256 of 64 lower-case hexadecimal digits
END
}

refuses_wrong_command_lines() {
  make_list 'plain clip'
  run_fetch --dbes debs
  expect_equal status "$status" 2
  expect_one_line_of_error 'unknown option --dbes'
  run_fetch elsewhere
  expect_equal status "$status" 2
  expect_one_line_of_error "wanted one folder, got 'out'"
  run_fetch --debs gone
  expect_equal status "$status" 1
  expect_one_line_of_error 'no folder gone'
}

accepts_the_list_of_the_project() {
  cp "$(dirname "$FETCH")/debian_clips.csv" list.csv
  run_fetch --debs .
  expect_one_line_of_error 'no package [a-z0-9-]+ in \.$'
}

# ------------------------------------------------------------------------------

all_failed=0
tests=$(declare -F | sed -n 's/^declare -f //p' |
  grep -vE '^(make|run|expect)_|^fail$|^sha256_of_text$')
for test in $tests; do
  failed=''
  mkdir "$work/$test"
  cd "$work/$test" || exit 1
  touch stderr
  "$test"
  echo "${failed:+NOT }ok: ${test//_/ }"
  [[ -z $failed ]] || all_failed=1
done
exit "$all_failed"
