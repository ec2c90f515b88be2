//! Colours and sizes, named by what they mean. Nothing else in the program knows a colour.
//!
//! Neutral dark grey around pictures, so that skin and cloth are judged without a tint; no meaning by red and
//! green alone: every state has its word and its sign.

use eframe::egui::{self, Color32, FontFamily, FontId, Stroke, TextStyle, Ui, Visuals, style::WidgetVisuals};

pub use super::fonts::{bold, bold_of};
use crate::{portrait::Verdict, settings::Look};

/// Every colour, named by what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colours {
    /// Around pictures: dark and neutral in both themes, because the eye judges skin by what lies beside it.
    pub ground: Color32,
    /// Words that stand on the ground.
    pub on_ground: Color32,
    /// Words of less weight that stand on the ground.
    pub quiet_on_ground: Color32,
    /// Under words that stand on a picture.
    pub veil: Color32,
    /// Words on that.
    pub on_veil: Color32,
    /// Panels.
    pub panel: Color32,
    /// Buttons and fields.
    pub raised: Color32,
    /// A button under the pointer.
    pub hovered: Color32,
    /// A button that is pressed.
    pub pressed: Color32,
    /// Words.
    pub words: Color32,
    /// Words of less weight; still 7:1 against the panel.
    pub quiet: Color32,
    /// Words on a coloured banner.
    pub on_tone: Color32,
    /// Waiting for somebody.
    pub waiting: Color32,
    /// Ready: the operator's turn.
    pub ready: Color32,
    /// The machine's turn.
    pub working: Color32,
    /// Good.
    pub good: Color32,
    /// Look twice.
    pub doubt: Color32,
    /// Wrong.
    pub wrong: Color32,
}

/// What a colour says of the state of things; each comes with a sign and a word, never alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Waiting for somebody.
    Waiting,
    /// The operator's turn.
    Ready,
    /// The machine's turn.
    Working,
    /// Good.
    Good,
    /// Look twice.
    Doubt,
    /// Wrong.
    Wrong,
}

/// For halls and gyms: a bright screen in a dim room tires the eyes.
pub const DARK: Colours = Colours {
    ground: Color32::from_gray(28),
    on_ground: Color32::from_gray(235),
    quiet_on_ground: Color32::from_gray(175),
    veil: Color32::from_black_alpha(200),
    on_veil: Color32::from_rgb(255, 205, 90),
    panel: Color32::from_gray(38),
    raised: Color32::from_gray(58),
    hovered: Color32::from_gray(76),
    pressed: Color32::from_gray(92),
    words: Color32::from_gray(235),
    quiet: Color32::from_gray(185),
    on_tone: Color32::from_gray(16),
    waiting: Color32::from_rgb(150, 160, 170),
    ready: Color32::from_rgb(120, 190, 255),
    working: Color32::from_rgb(200, 180, 255),
    good: Color32::from_rgb(120, 220, 150),
    doubt: Color32::from_rgb(255, 205, 90),
    wrong: Color32::from_rgb(255, 130, 115),
};

/// For rooms with the sun on the screen.
pub const LIGHT: Colours = Colours {
    ground: Color32::from_gray(60),
    on_ground: Color32::from_gray(245),
    quiet_on_ground: Color32::from_gray(205),
    veil: Color32::from_black_alpha(200),
    on_veil: Color32::from_rgb(255, 205, 90),
    panel: Color32::from_gray(240),
    raised: Color32::from_gray(218),
    hovered: Color32::from_gray(204),
    pressed: Color32::from_gray(190),
    words: Color32::from_gray(20),
    quiet: Color32::from_gray(72),
    on_tone: Color32::from_gray(255),
    waiting: Color32::from_rgb(80, 90, 100),
    ready: Color32::from_rgb(0, 84, 166),
    working: Color32::from_rgb(92, 58, 168),
    good: Color32::from_rgb(0, 102, 48),
    doubt: Color32::from_rgb(128, 78, 0),
    wrong: Color32::from_rgb(172, 32, 20),
};

impl Colours {
    /// The colour of a state.
    #[must_use]
    pub fn tone(&self, tone: Tone) -> Color32 {
        match tone {
            Tone::Waiting => self.waiting,
            Tone::Ready => self.ready,
            Tone::Working => self.working,
            Tone::Good => self.good,
            Tone::Doubt => self.doubt,
            Tone::Wrong => self.wrong,
        }
    }

    /// The colour of a verdict.
    #[must_use]
    pub fn verdict(&self, verdict: Verdict) -> Color32 {
        self.tone(Tone::of(verdict))
    }
}

impl Tone {
    /// What a verdict says.
    #[must_use]
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Good,
            Verdict::Warn => Self::Doubt,
            Verdict::Fail => Self::Wrong,
        }
    }

    /// Its sign; all of them are in the fonts we ship.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Waiting => "●",
            Self::Ready => "▶",
            Self::Working => "■",
            Self::Good => "✓",
            Self::Doubt => "▲",
            Self::Wrong => "×",
        }
    }
}

/// The colours of the theme a window has now.
#[must_use]
pub fn of(ui: &Ui) -> &'static Colours {
    match ui.ctx().theme() {
        egui::Theme::Dark => &DARK,
        egui::Theme::Light => &LIGHT,
    }
}

/// The banner's letters, in points.
pub const HUGE: f32 = 64.0;
/// A heading's.
pub const LARGE: f32 = 30.0;
/// Everything else's: nothing is smaller.
pub const TEXT: f32 = 20.0;

/// A verdict's sign.
#[must_use]
pub fn sign_of(verdict: Verdict) -> &'static str {
    Tone::of(verdict).sign()
}

/// Gives a context our fonts, and the colours of both themes; it begins with the dark one.
pub fn apply(ctx: &egui::Context) {
    ctx.set_fonts(super::fonts::shipped());
    ctx.set_theme(egui::Theme::Dark);
    for (theme, colours) in [(egui::Theme::Dark, &DARK), (egui::Theme::Light, &LIGHT)] {
        ctx.style_mut_of(theme, |style| dress(style, theme, colours));
    }
}

/// Gives a window the look that was chosen.
pub fn show(ctx: &egui::Context, look: Look) {
    ctx.set_theme(match look {
        Look::Dark => egui::Theme::Dark,
        Look::Light => egui::Theme::Light,
    });
}

/// The window that everything is laid out for, in points. On a larger one everything grows with it: what is read from
/// two metres is as large a share of every screen.
const LAID_OUT_FOR: egui::Vec2 = egui::vec2(1280.0, 720.0);

/// The lowest window in which everything still has its full size: of a laptop's 1366x768 the desktop's own bars leave no
/// more. What gives way is what the camera sees; nothing is cut off.
const LOWEST: egui::Vec2 = egui::vec2(1280.0, 660.0);

/// The smallest window that may be, in points of the desktop: in it letters have 18. A desktop may force a
/// smaller one on us, and then they are smaller still: that is better than words that are cut off.
pub const SMALLEST_WINDOW: egui::Vec2 =
    egui::vec2(LOWEST.x * LEAST_LETTERS / TEXT, LOWEST.y * LEAST_LETTERS / TEXT);

/// How large the smallest letters are in the smallest window that may be, in points of the desktop.
const LEAST_LETTERS: f32 = 18.0;

/// Letters are drawn anew for every other size: it changes in steps of so much.
const STEP: f32 = 0.05;

/// A window measured in points is off by what points are rounded to: so much beyond a step is still within it, or the
/// size would go to and fro with every frame.
const ROUNDED: f32 = STEP / 20.0;

/// Lets everything grow and shrink with the window.
pub fn fit(ctx: &egui::Context) {
    let now = ctx.zoom_factor();
    let wanted = fitting(ctx.content_rect().size(), now);
    if (wanted - now).abs() > STEP / 2.0 {
        ctx.set_zoom_factor(wanted);
    }
}

/// What fits a window of this size in points, each of which is `now` times as large as laid out.
fn fitting(points: egui::Vec2, now: f32) -> f32 {
    let share = |of: egui::Vec2| (points * now / of).min_elem();
    let window = match (share(LAID_OUT_FOR), share(LOWEST)) {
        (large, _) if large >= 1.0 => large,
        // Low, and well within the full size.
        (_, low) if low >= 1.0 => 1.0 + STEP / 2.0,
        (_, small) => small,
    };
    if (now - ROUNDED..now + STEP + ROUNDED).contains(&window) {
        return now;
    }
    ((window / STEP).floor() * STEP).clamp(0.5, 4.0)
}

/// Turns a dark window light, and a light one dark.
pub fn turn(ctx: &egui::Context) {
    ctx.set_theme(match ctx.theme() {
        egui::Theme::Dark => egui::Theme::Light,
        egui::Theme::Light => egui::Theme::Dark,
    });
}

fn dress(style: &mut egui::Style, theme: egui::Theme, colours: &Colours) {
    style.visuals = visuals(theme, colours);
    style.text_styles = [
        (TextStyle::Small, FontId::new(TEXT, FontFamily::Proportional)),
        (TextStyle::Body, FontId::new(TEXT, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(TEXT, FontFamily::Monospace)),
        (TextStyle::Button, FontId::new(TEXT, FontFamily::Proportional)),
        (TextStyle::Heading, bold_of(LARGE)),
    ]
    .into();
    style.spacing.item_spacing = egui::vec2(12.0, 10.0);
    style.spacing.button_padding = egui::vec2(14.0, 8.0);
}

fn visuals(theme: egui::Theme, colours: &Colours) -> Visuals {
    let mut visuals = theme.default_visuals();
    visuals.panel_fill = colours.panel;
    visuals.window_fill = colours.panel;
    visuals.extreme_bg_color = colours.raised;
    visuals.override_text_color = None;
    let widgets = &mut visuals.widgets;
    let edge = |widget: &mut WidgetVisuals, fill: Color32| {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.fg_stroke = Stroke::new(1.0, colours.words);
    };
    edge(&mut widgets.noninteractive, colours.panel);
    edge(&mut widgets.inactive, colours.raised);
    edge(&mut widgets.hovered, colours.hovered);
    edge(&mut widgets.active, colours.pressed);
    edge(&mut widgets.open, colours.raised);
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a window of so many pixels settles at, or every size it goes through.
    fn settled(pixels: egui::Vec2, desktop: f32) -> Result<f32, Vec<f32>> {
        let mut sizes = vec![1.0_f32];
        for _ in 0..10 {
            let now = *sizes.last().unwrap();
            // As egui measures: pixels through the desktop's factor and ours.
            let next = fitting(pixels / (desktop * now), now);
            if next == now {
                return Ok(now);
            }
            sizes.push(next);
        }
        Err(sizes)
    }

    #[test]
    fn every_window_has_one_size_that_everything_is_laid_out_in() {
        for desktop in [1.0_f32, 1.25, 1.5, 2.0] {
            let windows = (1024..=5120).flat_map(|width| {
                let width = width as f32;
                [9.0 / 16.0, 0.5, 0.6, 0.75].map(|high| egui::vec2(width, (width * high).round()))
            });
            for pixels in windows {
                let size =
                    settled(pixels, desktop).unwrap_or_else(|sizes| panic!("{pixels} {desktop}: {sizes:?}"));
                let room = pixels / (desktop * size);
                let needed = if size > 1.0 { LAID_OUT_FOR } else { LOWEST };
                let short = 1.0 - (room / needed).min_elem();
                assert!(short < 0.006 || size <= 0.5, "{pixels} {desktop}: {size} leaves {room:?}");
                let enough = if size < 1.0 { LOWEST } else { LAID_OUT_FOR };
                let spare = (room / enough).min_elem() - 1.0;
                assert!(
                    spare * size <= STEP + ROUNDED || size >= 4.0,
                    "{pixels} {desktop}: {size} leaves {room:?}"
                );
            }
        }
    }

    /// What is read is as large as it is meant to be, down to what a small laptop's desktop leaves of its screen; and in no
    /// window that may be are letters smaller than 18 points of it, however it came to its size.
    #[test]
    fn letters_are_never_smaller_than_people_read() {
        let heights = || (594..=1100).map(|height| height as f32);
        for desktop in [1.0_f32, 1.25, 1.5] {
            for width in [1152.0, 1200.0, 1279.0, 1280.0, 1366.0, 1440.0, 1920.0] {
                for points in heights().map(|height| egui::vec2(width, height)) {
                    let size = settled((points * desktop).round(), desktop).unwrap();
                    assert!(TEXT * size >= LEAST_LETTERS - 0.01, "{points}: {size}");
                    let is_low = points.x >= LOWEST.x && points.y >= LOWEST.y;
                    assert!(size >= 1.0 || !is_low, "{points}: {size}");
                }
            }
        }
        assert_eq!(SMALLEST_WINDOW, egui::vec2(1152.0, 594.0));
        // Made larger, a window that was small has the full size again.
        assert_eq!(fitting(egui::vec2(1366.0, 690.0) / 0.95, 0.95), 1.0);
        // Where a desktop forces it, words get smaller and are not cut off.
        assert_eq!(settled(egui::vec2(1024.0, 640.0), 1.0), Ok(0.8));
    }
}
