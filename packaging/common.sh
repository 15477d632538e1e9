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
