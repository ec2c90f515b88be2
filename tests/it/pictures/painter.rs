//! Paints what egui draws, without a graphics card: triangles with a colour at each corner times a texture, as egui's
//! own shaders do it (`egui_glow-0.37.0/src/shader/fragment.glsl`): multiplied and blended in gamma space, with alpha
//! multiplied in beforehand. Dithering is left out: it only hides bands of light.
//!
//! A graphics card's driver decides for itself where an edge falls and how it rounds; here everything is done in one
//! fixed order with whole numbers where it matters, so that every machine paints the same picture.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use eframe::egui::{
    self, ClippedPrimitive, Color32, Mesh, TextureFilter, TextureId, TextureOptions, TextureWrapMode,
    TexturesDelta, epaint::Primitive, epaint::Vertex,
};
use egui_kittest::TestRenderer;
use image::{Rgb, RgbImage};

/// Corners lie on this fraction of a pixel, as on graphics cards.
const PARTS: f32 = 256.0;

/// The textures of a harness, shared with whoever paints its picture.
#[derive(Default, Clone)]
pub(super) struct Painter(Rc<RefCell<HashMap<TextureId, Texture>>>);

struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<Color32>,
    options: TextureOptions,
}

impl TestRenderer for Painter {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        let mut textures = self.0.borrow_mut();
        // What was freed in this pass is still painted in it, so nothing is taken away: a test does not last.
        delta.free.clear();
        for (id, deltas) in delta.set.drain() {
            for delta in deltas {
                let egui::ImageData::Color(image) = &delta.image;
                let [width, height] = image.size;
                let Some([left, top]) = delta.pos else {
                    let pixels = image.pixels.clone();
                    textures.insert(id, Texture { width, height, pixels, options: delta.options });
                    continue;
                };
                let texture = textures.get_mut(&id).expect("a part of a texture that is not there");
                for (y, row) in image.pixels.chunks_exact(width).enumerate() {
                    let start = (top + y) * texture.width + left;
                    texture.pixels[start..start + width].copy_from_slice(row);
                }
            }
        }
    }
}

impl Painter {
    /// Paints a frame on black.
    pub(super) fn paint(
        &self,
        shown: &[ClippedPrimitive],
        pixels_per_point: f32,
        width: u32,
        height: u32,
    ) -> RgbImage {
        let mut canvas = RgbImage::new(width, height);
        for ClippedPrimitive { clip_rect, primitive } in shown {
            let Primitive::Mesh(mesh) = primitive else { panic!("a callback paints with a graphics card") };
            let edge = |at: f32, most: u32| ((at * pixels_per_point).round().max(0.0) as u32).min(most);
            let clip = Clip {
                left: edge(clip_rect.min.x, width),
                top: edge(clip_rect.min.y, height),
                right: edge(clip_rect.max.x, width),
                bottom: edge(clip_rect.max.y, height),
            };
            self.paint_mesh(&mut canvas, mesh, pixels_per_point, &clip);
        }
        canvas
    }

    fn paint_mesh(&self, canvas: &mut RgbImage, mesh: &Mesh, pixels_per_point: f32, clip: &Clip) {
        let textures = self.0.borrow();
        let texture = textures.get(&mesh.texture_id).expect("a texture that nobody uploaded");
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |n: usize| {
                let vertex = mesh.vertices[corners[n] as usize];
                Vertex { pos: (vertex.pos.to_vec2() * pixels_per_point).to_pos2(), ..vertex }
            };
            if let Some(triangle) = Triangle::new([corner(0), corner(1), corner(2)]) {
                triangle.paint(canvas, texture, clip);
            }
        }
    }
}

/// Pixels that may be painted.
struct Clip {
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
}

/// A triangle that turns clockwise on the screen.
struct Triangle {
    corners: [Vertex; 3],
    /// In parts of a pixel.
    at: [(i64, i64); 3],
    /// Twice, in square parts.
    area: i64,
}

impl Triangle {
    /// `None` when it is a line.
    fn new([a, b, c]: [Vertex; 3]) -> Option<Self> {
        let part = |along: f32| (along * PARTS).round() as i64;
        let at = |vertex: &Vertex| (part(vertex.pos.x), part(vertex.pos.y));
        let area = across(at(&a), at(&b), at(&c));
        let corners = match area {
            0 => return None,
            1.. => [a, b, c],
            _ => [a, c, b],
        };
        Some(Self { at: corners.each_ref().map(at), corners, area: area.abs() })
    }

    fn paint(&self, canvas: &mut RgbImage, texture: &Texture, clip: &Clip) {
        let [a, b, c] = self.corners;
        // Most of a screen is of one colour and one texel.
        let plain = a.uv == b.uv && b.uv == c.uv && a.color == b.color && b.color == c.color;
        let plain = plain.then(|| product(components(a.color), texture.sample(a.uv.x, a.uv.y)));
        let whole = |parts: i64| (parts / PARTS as i64).clamp(0, i64::from(u32::MAX)) as u32;
        let (xs, ys) = (self.at.map(|(x, _)| x), self.at.map(|(_, y)| y));
        let least = |of: [i64; 3]| whole(*of.iter().min().unwrap());
        let most = |of: [i64; 3]| whole(*of.iter().max().unwrap()) + 1;
        for y in least(ys).max(clip.top)..most(ys).min(clip.bottom) {
            for x in least(xs).max(clip.left)..most(xs).min(clip.right) {
                let Some(weights) = self.weights(x, y) else { continue };
                let light = plain.unwrap_or_else(|| self.light(weights, texture));
                let pixel = canvas.get_pixel_mut(x, y);
                *pixel = blend(light, *pixel);
            }
        }
    }

    /// How near a pixel's middle is to each corner; `None` outside. A pixel on an edge between two triangles belongs to
    /// the one whose upper or left edge it is, so that nothing is painted twice.
    fn weights(&self, x: u32, y: u32) -> Option<[f32; 3]> {
        let middle = |at: u32| i64::from(at) * PARTS as i64 + PARTS as i64 / 2;
        let point = (middle(x), middle(y));
        let mut weights = [0.0; 3];
        for (n, weight) in weights.iter_mut().enumerate() {
            let (from, to) = (self.at[(n + 1) % 3], self.at[(n + 2) % 3]);
            let inside = across(from, to, point);
            let is_top = from.1 == to.1 && to.0 > from.0;
            let is_left = to.1 < from.1;
            if inside < 0 || (inside == 0 && !is_top && !is_left) {
                return None;
            }
            *weight = inside as f32 / self.area as f32;
        }
        Some(weights)
    }

    fn light(&self, weights: [f32; 3], texture: &Texture) -> [f32; 4] {
        let mix = |of: [f32; 3]| weights[0] * of[0] + weights[1] * of[1] + weights[2] * of[2];
        let colours = self.corners.map(|corner| components(corner.color));
        let colour = [0, 1, 2, 3].map(|n| mix(colours.map(|colour| colour[n])));
        let (u, v) =
            (mix(self.corners.map(|corner| corner.uv.x)), mix(self.corners.map(|corner| corner.uv.y)));
        product(colour, texture.sample(u, v))
    }
}

/// Twice the area of a triangle; more than 0 when it turns clockwise on a screen, where y counts down.
fn across(a: (i64, i64), b: (i64, i64), c: (i64, i64)) -> i64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

impl Texture {
    /// What is at a place, where 1 is the whole width or height.
    fn sample(&self, u: f32, v: f32) -> [f32; 4] {
        let (x, y) = (u * self.width as f32 - 0.5, v * self.height as f32 - 0.5);
        if self.options.magnification == TextureFilter::Nearest {
            return self.texel(x.round() as i64, y.round() as i64);
        }
        let (left, top) = (x.floor(), y.floor());
        let (right_share, lower_share) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let upper = mix(self.texel(left, top), self.texel(left + 1, top), right_share);
        let lower = mix(self.texel(left, top + 1), self.texel(left + 1, top + 1), right_share);
        mix(upper, lower, lower_share)
    }

    fn texel(&self, x: i64, y: i64) -> [f32; 4] {
        let within = |at: i64, size: usize| match self.options.wrap_mode {
            TextureWrapMode::ClampToEdge => at.clamp(0, size as i64 - 1) as usize,
            TextureWrapMode::Repeat | TextureWrapMode::MirroredRepeat => {
                panic!("no picture of ours is laid like tiles")
            }
        };
        components(self.pixels[within(y, self.height) * self.width + within(x, self.width)])
    }
}

fn components(colour: Color32) -> [f32; 4] {
    colour.to_array().map(|byte| f32::from(byte) / 255.0)
}

fn product(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    [0, 1, 2, 3].map(|n| a[n] * b[n])
}

fn mix(from: [f32; 4], to: [f32; 4], share: f32) -> [f32; 4] {
    [0, 1, 2, 3].map(|n| from[n] + (to[n] - from[n]) * share)
}

/// Lays light over what is there.
fn blend(light: [f32; 4], below: Rgb<u8>) -> Rgb<u8> {
    let through = 1.0 - light[3];
    let channel = |n: usize| (light[n] + f32::from(below.0[n]) / 255.0 * through).clamp(0.0, 1.0);
    Rgb([0, 1, 2].map(|n| (channel(n) * 255.0).round() as u8))
}
