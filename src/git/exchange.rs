//! One request and its answer, as streams.
//!
//! The git library writes the request's body and then reads the answer; the request is sent in between.

use std::cell::RefCell;
use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use std::rc::Rc;

use gix::protocol::transport::client::blocking_io::http::PostResponse;
use reqwest::blocking::{RequestBuilder, Response};
use reqwest::header::CONTENT_TYPE;

use super::http::Session;
use super::status;

/// The three ends of an exchange, as the git library wants them.
type Ends = PostResponse<Headers, BufReader<Body>, Upload>;

/// An exchange whose answer is there.
pub(super) fn answered(session: &Rc<Session>, response: Response) -> Ends {
    ends(session, State::Answered(response))
}

/// An exchange whose request is sent as soon as its answer is read.
pub(super) fn prepared(session: &Rc<Session>, request: RequestBuilder) -> Ends {
    ends(session, State::Prepared { request, body: Vec::new() })
}

fn ends(session: &Rc<Session>, state: State) -> Ends {
    let exchange = Exchange { session: Rc::clone(session), state, received: 0 };
    let exchange = Rc::new(RefCell::new(exchange));
    PostResponse {
        post_body: Upload(Rc::clone(&exchange)),
        headers: Headers { exchange: Rc::clone(&exchange), lines: None },
        body: BufReader::new(Body(exchange)),
    }
}

/// A request whose body is still written, or its answer.
struct Exchange {
    session: Rc<Session>,
    state: State,
    received: u64,
}

enum State {
    Prepared { request: RequestBuilder, body: Vec<u8> },
    Answered(Response),
    Failed,
}

impl Exchange {
    /// The answer; reading it is what sends the request.
    fn answer(&mut self) -> io::Result<&mut Response> {
        if let State::Prepared { .. } = self.state
            && let State::Prepared { request, body } =
                std::mem::replace(&mut self.state, State::Failed)
        {
            let credentials = self.session.has_credentials();
            let answer = self.session.send(request.body(body));
            let response = answer
                .and_then(|response| status::accept(response, credentials))
                .map_err(|error| self.session.visit().fail(error))?;
            self.state = State::Answered(response);
        }
        match &mut self.state {
            State::Answered(response) => Ok(response),
            _ => Err(io::Error::other("the request failed before")),
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.answer()?.read(buffer) {
            Ok(count) => {
                self.received = self.received.saturating_add(count as u64);
                self.session.visit().check_size(self.received)?;
                Ok(count)
            }
            Err(error) => Err(self.session.broke(&error)),
        }
    }
}

/// Headers of an answer, one a line. Only the type of the content is asked for.
pub(super) struct Headers {
    exchange: Rc<RefCell<Exchange>>,
    lines: Option<Cursor<Vec<u8>>>,
}

impl Headers {
    fn lines(&mut self) -> io::Result<&mut Cursor<Vec<u8>>> {
        if self.lines.is_none() {
            let mut exchange = self.exchange.borrow_mut();
            let mut line = b"content-type: ".to_vec();
            if let Some(value) = exchange.answer()?.headers().get(CONTENT_TYPE) {
                line.extend_from_slice(value.as_bytes());
            }
            line.push(b'\n');
            self.lines = Some(Cursor::new(line));
        }
        Ok(self.lines.get_or_insert_default())
    }
}

impl Read for Headers {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.lines()?.read(buffer)
    }
}

impl BufRead for Headers {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.lines()?.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Some(lines) = &mut self.lines {
            lines.consume(amount);
        }
    }
}

/// Body of an answer.
pub(super) struct Body(Rc<RefCell<Exchange>>);

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(buffer)
    }
}

/// Body of a request. It is small: names of commits.
pub(super) struct Upload(Rc<RefCell<Exchange>>);

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0.borrow_mut().state {
            State::Prepared { body, .. } => body.write(bytes),
            _ => Err(io::Error::other("the request was sent before")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
