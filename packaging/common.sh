# shellcheck shell=bash
# What the scripts here share; they source it from the root of the repository.
#
# The same input gives the same bytes: names are sorted alike, and files have set modes and times.
export LC_ALL=C
umask 022

# The version that Cargo.toml gives.
version() { sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1; }

# When the commit was made, in seconds; what SOURCE_DATE_EPOCH says comes first.
commit_time() { echo "${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}"; }

# pack OPTION…: tar with order, owners, modes and times set.
pack() {
  tar --create --sort=name --format=ustar --mtime="@${SOURCE_DATE_EPOCH:-0}" --owner=0 --group=0 --numeric-owner \
    --mode=u+rw,go-w "$@"
}

# target_of PLATFORM: what Rust calls it.
target_of() {
  case $1 in
  linux/amd64) echo x86_64-unknown-linux-gnu ;;
  linux/arm64) echo aarch64-unknown-linux-gnu ;;
  *)
    echo "nothing is built for $1; there are linux/amd64 and linux/arm64" >&2
    return 1
    ;;
  esac
}

# linker_of TARGET: the C compiler for it.
linker_of() {
  if [ "$(rustc -vV | sed -n 's/^host: //p')" = "$1" ]; then echo cc; else echo "${1%%-*}-linux-gnu-gcc"; fi
}

# need_compilers PLATFORM…: stops with advice where one of them cannot be built for. That is said before
# anything is built, which takes minutes.
need_compilers() {
  local platform target linker processor
  for platform in "$@"; do
    target=$(target_of "$platform")
    linker=$(linker_of "$target")
    processor=${target%%-*}
    command -v "$linker" >/dev/null || {
      echo "$linker is missing, to build for $platform: install it (Debian: apt-get install gcc-${processor/_/-}-linux-gnu libc6-dev-${platform#linux/}-cross)" >&2
      exit 1
    }
    [ "$("$linker" -print-file-name=libc.a)" != libc.a ] || {
      echo "$linker has no libc.a, which is linked into the binary for $platform: install it (Debian: libc6-dev, or libc6-dev-${platform#linux/}-cross for another processor; Fedora: glibc-static)" >&2
      exit 1
    }
    [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ] || {
      echo "Rust's own library for $platform is missing: rustup target add $target" >&2
      exit 1
    }
  done
}
