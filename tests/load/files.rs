//! Ten large files at once: how much memory they take, and how long others' messages wait meanwhile.

use std::fs;
use std::io::Cursor;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use image::{ImageFormat, RgbImage};

use super::at_rest::mib;
use super::machine::{self, Times};
use super::server::{EVEN, Server};
use super::swarm::{self, Swarm};
use super::{Bench, Fallible, Row};

const FILES: usize = 10;
const FILE_BYTES: usize = 20 * 1024 * 1024;
/// Messages that are timed before the files come.
const QUIET: usize = 500;
/// Time between two messages of the one who writes.
const PAUSE: Duration = Duration::from_millis(5);

/// A visitor writes on and on while five operators upload two files each.
pub fn measure(bench: &Bench) -> Fallible<Vec<Row>> {
    let disk = machine::fdatasync(&bench.folder)?;
    let server = Server::shop(EVEN, &bench.folder)?;
    let mut cookies = Vec::new();
    for n in 0..FILES / 2 {
        let email = format!("operator{n}@tea.example");
        server.add_operator(&format!("Operator {n}"), &email)?;
        cookies.push(server.log_in(&email)?);
    }
    let mut writer = Writer::new(&server)?;
    let mut quiet = Times::default();
    while quiet.len() < QUIET {
        quiet.add(writer.write()?);
    }

    let file = [b"%PDF-1.4\n%".as_slice(), &vec![b'x'; FILE_BYTES - 16], b"\n%%EOF"].concat();
    let before = peak_kb(server.pid())?;
    let (done, begun) = (AtomicUsize::new(0), Instant::now());
    let mut busy = Times::default();
    let uploaded = std::thread::scope(|scope| -> Fallible<Duration> {
        let uploads: Vec<_> = (0..FILES)
            .map(|n| {
                let (server, file, done, cookie) = (&server, &file, &done, cookies.get(n / 2));
                scope.spawn(move || {
                    let answer =
                        server.upload(&format!("/api/chats/1/attachments?uid={}&name=a.pdf", uid(n)), cookie, file);
                    done.fetch_add(1, Ordering::SeqCst);
                    answer.map_err(|error| error.to_string())
                })
            })
            .collect();
        while done.load(Ordering::SeqCst) < FILES {
            busy.add(writer.write()?);
        }
        let took = begun.elapsed();
        for upload in uploads {
            upload.join().map_err(|_| "an upload panicked")??;
        }
        Ok(took)
    })?;
    let peak = peak_kb(server.pid())?;

    let picture = picture(6_000, 4_000)?;
    server.upload(&format!("/api/chats/1/attachments?uid={}&name=a.jpg", uid(FILES)), cookies.first(), &picture)?;
    let decoded = peak_kb(server.pid())?;
    Ok(vec![
        Row::new(
            "message acknowledged, nothing else going on, p50 / p99",
            format!("{} (fdatasync {})", quiet.p50_p99(), disk.p50_p99()),
            "",
        ),
        Row::new(
            format!("the same while {FILES} files of 20 MB come in, p50 / p99, slowest"),
            format!(
                "{}, {:.1} ms ({} messages; files took {:.1} s)",
                busy.p50_p99(),
                busy.ms(1.0),
                busy.len(),
                uploaded.as_secs_f64()
            ),
            "one chunk of 256 KiB longer",
        ),
        Row::new(
            format!("peak memory, {FILES} files of 20 MB at once"),
            format!("{} (before {})", mib(peak), mib(before)),
            "32 MB",
        ),
        Row::new("peak memory, a picture of 24 megapixels", mib(decoded), "150 MB"),
    ])
}

/// A visitor who writes and waits for the acknowledgement.
struct Writer {
    swarm: Swarm,
    written: usize,
}

impl Writer {
    fn new(server: &Server) -> Fallible<Writer> {
        let mut swarm = Swarm::new()?;
        swarm.visitors(server, 1)?;
        Ok(Writer { swarm, written: 0 })
    }

    fn write(&mut self) -> Fallible<Duration> {
        std::thread::sleep(PAUSE);
        self.written += 1;
        let begun = Instant::now();
        self.swarm.send(0, &swarm::send(self.written))?;
        self.swarm.until(Duration::from_secs(30), |_, text| text.contains("\"type\":\"ack\""))?;
        Ok(begun.elapsed())
    }
}

fn uid(n: usize) -> String {
    format!("0192f5d1-0000-7000-8000-{n:012x}")
}

fn picture(width: u32, height: u32) -> Fallible<Vec<u8>> {
    let image = RgbImage::from_fn(width, height, |x, y| image::Rgb([(x / 9) as u8, (y / 7) as u8, (x + y) as u8]));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Jpeg)?;
    Ok(bytes.into_inner())
}

/// The most that a process ever had in memory, kilobytes.
fn peak_kb(pid: u32) -> Fallible<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
