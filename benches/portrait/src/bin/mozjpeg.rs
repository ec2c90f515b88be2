//! The peer mozjpeg, in a program of its own, because its library exports the same names as libjpeg-turbo.
//!
//! For each picture on the standard input (byte limit as a little-endian u32, then 480 x 640 RGB bytes) it
//! answers with the file of the highest quality that fits, found by bisection over 60..=100: milliseconds of
//! this process's processor time (f64), quality (u8), length (u32), bytes. Nothing fits: length 0.
//!
//! mozjpeg as it comes (trellis for AC and DC, overshoot deringing), but for what a checker forbids: tables as
//! the IJG scales them, baseline, one scan. 4:2:0 and optimised Huffman tables are its defaults.

use std::io::{self, Read, Write};

use mozjpeg_sys::{
    J_COLOR_SPACE, J_INT_PARAM, jpeg_c_set_int_param, jpeg_compress_struct, jpeg_create_compress,
    jpeg_destroy_compress, jpeg_error_mgr, jpeg_finish_compress, jpeg_mem_dest, jpeg_set_defaults,
    jpeg_set_quality, jpeg_start_compress, jpeg_std_error, jpeg_write_scanlines,
};
use rustix::time::{ClockId, clock_gettime};

const SIZE: (usize, usize) = (480, 640);

fn main() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut limit = [0; 4];
    let mut pixels = vec![0; 3 * SIZE.0 * SIZE.1];
    while input.read_exact(&mut limit).is_ok() {
        input.read_exact(&mut pixels)?;
        let before = cpu_ms();
        let (quality, file) = search(&pixels, u32::from_le_bytes(limit) as usize);
        output.write_all(&(cpu_ms() - before).to_le_bytes())?;
        output.write_all(&[quality])?;
        output.write_all(&(file.len() as u32).to_le_bytes())?;
        output.write_all(&file)?;
        output.flush()?;
    }
    Ok(())
}

fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

fn search(pixels: &[u8], limit: usize) -> (u8, Vec<u8>) {
    let (mut fits, mut too_big, mut best) = (59, 101, Vec::new());
    while fits + 1 < too_big {
        let quality = (fits + too_big) / 2;
        let file = encode(pixels, quality);
        if file.len() <= limit {
            (fits, best) = (quality, file);
        } else {
            too_big = quality;
        }
    }
    (fits as u8, best)
}

fn encode(pixels: &[u8], quality: i32) -> Vec<u8> {
    // SAFETY: the calls and their order are those of libjpeg's example.c. The library allocates `out`, which is
    // copied and freed before this returns; `pixels` has SIZE.1 rows of 3 * SIZE.0 bytes, and is only read.
    unsafe {
        let mut errors: jpeg_error_mgr = std::mem::zeroed();
        let mut state: jpeg_compress_struct = std::mem::zeroed();
        state.common.err = jpeg_std_error(&mut errors);
        jpeg_create_compress(&mut state);
        let (mut out, mut length) = (std::ptr::null_mut(), 0);
        jpeg_mem_dest(&mut state, &mut out, &mut length);
        state.image_width = SIZE.0 as u32;
        state.image_height = SIZE.1 as u32;
        state.input_components = 3;
        state.in_color_space = J_COLOR_SPACE::JCS_RGB;
        jpeg_set_defaults(&mut state);
        jpeg_c_set_int_param(&mut state, J_INT_PARAM::JINT_BASE_QUANT_TBL_IDX, 0);
        jpeg_set_quality(&mut state, quality, 1);
        state.scan_info = std::ptr::null();
        state.num_scans = 0;
        jpeg_start_compress(&mut state, 1);
        for row in pixels.chunks_exact(3 * SIZE.0) {
            jpeg_write_scanlines(&mut state, &row.as_ptr(), 1);
        }
        jpeg_finish_compress(&mut state);
        let file = std::slice::from_raw_parts(out, length as usize).to_vec();
        libc_free(out.cast());
        jpeg_destroy_compress(&mut state);
        file
    }
}

unsafe extern "C" {
    #[link_name = "free"]
    fn libc_free(pointer: *mut std::ffi::c_void);
}
