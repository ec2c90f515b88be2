//! `caiying scan`: codes from pictures, one line each.

use std::{fs, time::Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    card, cli,
    failure::{Done, Failure},
    say, watch,
};
use crate::{
    language::{Language, Phrase},
    scan::{Code, Luma, PictureError, read},
    screens::{Words, trouble},
};

/// Reads pictures, or looks through a webcam.
pub(super) fn run(options: &cli::Scan, language: Language) -> Result<Done, Failure> {
    if let Some(file) = &options.command_card {
        return card::write(file, language);
    }
    match &options.webcam {
        _ if options.list => Ok(watch::list(options.json, language)),
        Some(wanted) => watch::run(wanted, options.json, language),
        None => pictures(options, language),
    }
}

/// Reads each picture; a bad one stops none of the others. Files that are no pictures are passed over if others
/// are: whoever names all of a folder means its pictures.
fn pictures(options: &cli::Scan, language: Language) -> Result<Done, Failure> {
    let mut done = Done::Well;
    let mut pictures = 0;
    for file in &options.files {
        let began = Instant::now();
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(err) => {
                Failure::file(file, &err).report(language);
                done = done.max(Done::Misused);
                continue;
            }
        };
        let picture = match Luma::from_file(&bytes) {
            Ok(picture) => picture,
            Err(PictureError::NoPicture) if options.files.len() > 1 => continue,
            Err(err) => {
                Failure::misused(Words {
                    headline: Phrase::new(format!("{} 不是能读取的图片", file.display()), err.to_string()),
                    remedy: Phrase::new("请使用 PNG 或 JPEG 图片", "use a PNG or JPEG picture"),
                })
                .report(language);
                done = done.max(Done::WithFindings);
                continue;
            }
        };
        pictures += 1;
        let codes = read(&picture);
        let ms = (began.elapsed().as_secs_f64() * 10_000.0).round() / 10.0;
        let found: Vec<Value> = codes.iter().map(code).collect();
        if options.json {
            say(&json!({ "file": file.display().to_string(), "codes": found, "ms": ms }).to_string());
        } else {
            say(&format!("{}\t{}", file.display(), words(&codes, language)));
        }
        let good = !codes.is_empty() && codes.iter().all(|code| code.capture_code().is_ok());
        done = done.max(if good { Done::Well } else { Done::WithFindings });
    }
    if pictures == 0 && done == Done::Well {
        return Err(Failure::misused(Words {
            headline: Phrase::new("给出的文件都不是图片", "none of the files is a picture"),
            remedy: Phrase::new("请使用 PNG 或 JPEG 图片", "use PNG or JPEG pictures"),
        }));
    }
    Ok(done)
}

/// A code's text, and its bytes if it cannot be a capture code: JSON shows every sign and obeys none.
fn code(code: &Code) -> Value {
    let text = str::from_utf8(&code.bytes).ok();
    let bytes = code.capture_code().is_err().then(|| STANDARD.encode(&code.bytes));
    let all = [("corners", json!(code.corners)), ("text", json!(text)), ("bytes_base64", json!(bytes))];
    all.into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn words(codes: &[Code], language: Language) -> String {
    if codes.is_empty() {
        return match language {
            Language::Chinese => "没有读到二维码：请靠近、调亮屏幕、避开反光".to_owned(),
            Language::English => "no code: come closer, brighten the screen, avoid glare".to_owned(),
        };
    }
    let all: Vec<String> = codes
        .iter()
        .map(|code| match code.capture_code() {
            Ok(text) => text.expose().to_owned(),
            Err(err) => trouble::code(&err).line(language),
        })
        .collect();
    all.join("\t")
}
