#![allow(dead_code, clippy::all)]
mod student { pub mod code; pub use code::{CaptureCode, CodeError}; }
mod scan { pub mod luma; pub mod qr; pub use luma::Luma; }
#[path = "../generator.rs"] mod generator;
use generator::{frame, CLASSES};
use std::{fs, time::Instant};
fn cpu() -> f64 { fs::read_to_string("/proc/thread-self/schedstat").unwrap().split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6 }
fn main() {
    let args: Vec<String> = std::env::args().collect();
    match args[1].as_str() {
      "gen" => { let (from, to): (u64,u64) = (args[3].parse().unwrap(), args[4].parse().unwrap());
        fs::create_dir_all(&args[2]).unwrap();
        for seed in from..to { for class in 0..CLASSES.len() { let f = frame(class, seed, (1280,720));
          let name = format!("{}/{:02}-{}-{:03}-v{:02}", args[2], class, f.class, seed, f.version);
          fs::write(format!("{name}.grey"), &f.pixels).unwrap(); fs::write(format!("{name}.text"), &f.text).unwrap(); } } }
      "ours" => {
        let mut names: Vec<_> = fs::read_dir(&args[2]).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e=="grey")).collect(); names.sort();
        if let Some(only) = args.get(3) { names.retain(|n| n.to_str().unwrap().contains(only.as_str())); }
        let mut reads = std::collections::BTreeMap::new(); let mut times = vec![]; let mut wrong = 0; let mut failed = vec![];
        for n in &names { let pixels = fs::read(n).unwrap(); let text = fs::read(n.with_extension("text")).unwrap();
          let l = scan::Luma { width: 1280, height: 720, pixels };
          let t = cpu(); let codes = scan::qr::read(&l); let ms = cpu() - t; 
          let ok = codes.iter().any(|c| c.bytes == text); wrong += codes.iter().filter(|c| c.bytes != text).count();
          times.push(ms); let e = reads.entry(n.file_name().unwrap().to_str().unwrap().split('-').nth(1).unwrap().to_owned()).or_insert((0,0)); e.1 += 1; if ok { e.0 += 1 } else { failed.push((n.clone(), ms)); } }
        times.sort_by(f64::total_cmp); let read: i32 = reads.values().map(|v: &(i32,i32)| v.0).sum();
        println!("read {read}/{} wrong {wrong} mean {:.1} p50 {:.1} p95 {:.1} max {:.1}", names.len(), times.iter().sum::<f64>()/times.len() as f64, times[times.len()/2], times[times.len()*95/100], times[times.len()-1]);
        println!("{reads:?}"); for (f,ms) in failed { println!("  failed {} {ms:.1}", f.display()); } }
      _ => { for p in &args[2..] { let l = scan::Luma::from_file(&fs::read(p).unwrap()).unwrap(); let t = Instant::now(); let c = scan::qr::read(&l); println!("{p}\t{}\t{:.1}\t{:?}", c.len(), t.elapsed().as_secs_f64()*1e3, c.iter().map(|c| c.bytes.iter().map(|b| format!("{b:02x}")).collect::<String>()).collect::<Vec<_>>()); } }
    }
}
