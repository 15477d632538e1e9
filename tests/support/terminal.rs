//! Programs on a terminal of their own, with somebody at the keyboard.

use std::io::{Read as _, Write as _};
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};

/// How long a program may take to say something, or to end.
const DEADLINE: Duration = Duration::from_secs(30);
/// Lines of the screen; nothing here counts them.
const LINES: u16 = 24;

/// What Ctrl-C and Ctrl-D send.
pub const CTRL_C: &str = "\u{3}";
pub const CTRL_D: &str = "\u{4}";

/// A program that runs on a terminal. Dropping it kills the program.
pub struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    output: Receiver<Vec<u8>>,
    seen: Vec<u8>,
}

impl Terminal {
    /// Starts `command` on a terminal that is `columns` wide. All its input and output is there, but
    /// for what was set on a [`Command`] of `pty_process`.
    pub fn start(command: impl Into<Command>, columns: u16) -> Self {
        heed_ctrl_c();
        let (pty, pts) = open().expect("a pseudo terminal");
        pty.resize(Size::new(LINES, columns)).expect("a terminal has a size");
        let child = command.into().spawn(pts);
        let pty = Arc::new(pty);
        let (sender, output) = channel();
        let reader = pty.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The end is an error where the last program has left the terminal.
            while let Ok(count @ 1..) = (&*reader).read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { pty, child: child.expect("the program starts"), output, seen: Vec::new() }
    }

    /// Everything that was shown so far, with line ends as programs write them.
    pub fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen).replace("\r\n", "\n")
    }

    /// Waits until `text` has been shown.
    #[track_caller]
    pub fn shows(&mut self, text: &str) {
        let deadline = Instant::now() + DEADLINE;
        while !self.seen().contains(text) {
            assert!(self.receive(deadline), "never shown: {text:?}, but: {}", self.seen());
        }
    }

    /// Types `keys`.
    pub fn press(&mut self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("somebody reads");
    }

    /// Waits for the end of the program; how it ended, and all that was shown.
    #[track_caller]
    pub fn end(mut self) -> (ExitStatus, String) {
        let deadline = Instant::now() + DEADLINE;
        while self.receive(deadline) {}
        (self.child.wait().expect("a child"), self.seen())
    }

    /// Takes what is shown next; `false` at the end.
    #[track_caller]
    fn receive(&mut self, deadline: Instant) -> bool {
        match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(more) => {
                self.seen.extend(more);
                true
            }
            Err(RecvTimeoutError::Disconnected) => false,
            Err(RecvTimeoutError::Timeout) => panic!("nothing more is shown: {}", self.seen()),
        }
    }
}

/// Lets programs that are started end on Ctrl-C. Where the tests run in the background of a script,
/// they were started with that signal ignored and would hand this on; what a program handles starts
/// as usual in the programs that it starts.
fn heed_ctrl_c() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        use signal_hook::{consts::SIGINT, flag::register_conditional_shutdown};
        let always = Arc::new(std::sync::atomic::AtomicBool::new(true));
        register_conditional_shutdown(SIGINT, 130, always).expect("a handler");
    });
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
