# The image by a daemon. `make image` packs the same without one, and adds the list of what is in it.
# The full image of Rust has what the build needs beside it: gcc (ring compiles C), certificates.
FROM docker.io/library/rust:1.95-bookworm AS build
ARG TARGETARCH=amd64
WORKDIR /talknotes
COPY . .
RUN packaging/build-binary "linux/$TARGETARCH" release /out/talknotes

FROM scratch
LABEL org.opencontainers.image.title="TalkNotes" \
      org.opencontainers.image.source="https://github.com/talknotes/talknotes" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/talknotes /talknotes
USER 65532:65532
ENTRYPOINT ["/talknotes"]
