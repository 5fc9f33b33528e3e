//! What the machine says: the disk's own speed, the memory and the processor time of a process, the kernel's part.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use super::Fallible;

/// Cores that this process may use.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Lets this process have as many descriptors as it may, with room for 10,000 sockets.
pub fn raise_descriptors() -> Fallible {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit)?;
    match limit.maximum {
        Some(maximum) if maximum < 10_500 => {
            Err(format!("10,000 sockets need a limit of 10,500 open files, here it is {maximum} (ulimit -Hn)").into())
        }
        _ => Ok(()),
    }
}

/// Times of `fdatasync` after a page was written in place, as SQLite's log does, in a file of this folder.
pub fn fdatasync(folder: &Path) -> Fallible<Times> {
    let path = folder.join("fdatasync.probe");
    let mut file = File::create(&path)?;
    file.write_all(&vec![1; 4 * 1024 * 1024])?;
    file.sync_all()?;
    let mut times = Times::default();
    let end = Instant::now() + Duration::from_secs(2);
    for n in 0..400_u64 {
        let begun = Instant::now();
        file.write_all_at(&[n as u8; 4_096], n % 1_024 * 4_096)?;
        file.sync_data()?;
        times.add(begun.elapsed());
        if Instant::now() > end {
            break;
        }
    }
    fs::remove_file(path)?;
    Ok(times)
}

/// Kilobytes of a process: its own, and its share of what it shares (Pss).
pub fn pss_kb(pid: u32) -> Fallible<u64> {
    field(&fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?, "Pss:")
}

/// Kilobytes that the kernel holds for the process itself: page tables and the stacks of its threads.
pub fn kernel_kb_of(pid: u32) -> Fallible<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    Ok(field(&status, "VmPTE:")? + field(&status, "Threads:")? * 16)
}

/// Kilobytes that the kernel holds for sockets of all processes: objects by the slabs named after them, and buffers.
pub fn sockets_kb() -> Fallible<u64> {
    const NAMES: [&str; 8] = [
        "TCP",
        "sock_inode_cache",
        "filp",
        "eventpoll_epi",
        "eventpoll_pwq",
        "tcp_bind_bucket",
        "tcp_bind2_bucket",
        "skbuff_head_cache",
    ];
    let buffers = fs::read_to_string("/proc/net/sockstat")?;
    let pages = buffers.lines().find_map(|line| line.strip_prefix("TCP:")?.rsplit(' ').next()?.parse::<u64>().ok());
    let objects = fs::read_to_string("/proc/slabinfo").unwrap_or_default();
    let bytes: u64 = objects
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            NAMES.contains(&words.next()?).then_some(())?;
            let numbers: Vec<u64> = words.take(3).filter_map(|word| word.parse().ok()).collect();
            // In use, and their size.
            Some(numbers.first()? * numbers.get(2)?)
        })
        .sum();
    Ok(pages.unwrap_or(0) * 4 + bytes / 1_024)
}

/// Processor time that a process used so far.
pub fn cpu(pid: u32) -> Fallible<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 10))
}

/// Processor time of each thread of a process, summed by the threads' names, the busiest first.
pub fn cpu_by_thread(pid: u32) -> Fallible<Vec<(String, Duration)>> {
    let mut by_name: Vec<(String, Duration)> = Vec::new();
    for task in fs::read_dir(format!("/proc/{pid}/task"))? {
        let Ok(stat) = fs::read_to_string(task?.path().join("stat")) else { continue };
        let name = stat.split(['(', ')']).nth(1).unwrap_or_default();
        let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let ticks: u64 =
            after_name.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<u64>().ok()).sum();
        let time = Duration::from_millis(ticks * 10);
        match by_name.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += time,
            None => by_name.push((name, time)),
        }
    }
    by_name.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    Ok(by_name)
}

/// Which threads used the processor between two looks, in words.
pub fn busiest(before: &[(String, Duration)], after: &[(String, Duration)]) -> String {
    let mut used: Vec<(&str, u128)> = after
        .iter()
        .map(|(name, time)| {
            let earlier = before.iter().find(|(known, _)| known == name).map_or(Duration::ZERO, |(_, time)| *time);
            (name.as_str(), time.saturating_sub(earlier).as_millis())
        })
        .filter(|(_, ms)| *ms > 0)
        .collect();
    used.sort_by_key(|(_, ms)| std::cmp::Reverse(*ms));
    let words: Vec<String> = used.iter().take(4).map(|(name, ms)| format!("{name} {ms} ms")).collect();
    words.join(", ")
}

fn field(text: &str, name: &str) -> Fallible<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)).ok_or_else(|| format!("no {name}"))?;
    Ok(line.split_whitespace().next().unwrap_or_default().parse()?)
}

/// A sample of times.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// One more.
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The time that this share of all does not exceed, in milliseconds.
    pub fn ms(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = ((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1);
        sorted.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
    }

    /// Half of all, and 99 of 100, in words.
    pub fn p50_p99(&self) -> String {
        format!("{:.1} / {:.1} ms", self.ms(0.5), self.ms(0.99))
    }
}
