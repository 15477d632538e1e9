# One static binary and the certificates of public authorities; no shell, no package manager.
# The slim image has what the build needs beside Rust: gcc (ring compiles C) and ca-certificates.
FROM docker.io/library/rust:1.95-slim-bookworm AS build
WORKDIR /talknotes
COPY . .
# glibc linked into the binary: its resolver and allocator are those that we test and measure with.
# Naming the target keeps the flag away from build scripts and procedural macros.
RUN target="$(rustc -vV | sed -n 's/^host: //p')" \
 && RUSTFLAGS="-C target-feature=+crt-static" \
    cargo build --release --locked --bin talknotes --target "$target" \
 && install -D "target/$target/release/talknotes" /out/talknotes

FROM scratch
LABEL org.opencontainers.image.title="TalkNotes" \
      org.opencontainers.image.source="https://github.com/talknotes/talknotes" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/talknotes /talknotes
USER 65532:65532
ENTRYPOINT ["/talknotes"]
