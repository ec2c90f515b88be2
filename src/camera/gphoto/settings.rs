//! Dials: read and turned one by one by single-config calls, never through the whole tree, which takes a body
//! hundreds of times as long.
//!
//! What a driver calls a choice is opaque text: it differs between models, versions and languages. A dial is turned
//! to the first wish that stands in the body's own list, or by its place in that list.

use gphoto2::widget::Widget;

use super::{
    super::{
        CameraError, Reading,
        wire::{Condition, Habits},
    },
    BUSY_PAUSE, BUSY_RETRIES, Gphoto,
    errors::classify,
};
use crate::profile::{Dial, Setting};

impl Gphoto {
    pub(super) fn adopt_habits(&mut self, habits: Habits) {
        self.twins.come_within(std::time::Duration::from_millis(habits.pair_quiet_ms.into()));
    }

    /// Turns a dial where it belongs and reads it back.
    pub(super) fn settle_dial(&self, setting: Setting, dial: &Dial) -> Result<Reading, CameraError> {
        let absent = Reading { setting, value: None, wanted: None, before: None };
        let Some((key, widget)) = self.first_known(&dial.keys)? else { return Ok(absent) };
        let Some(value) = value(&widget) else { return Ok(absent) };
        let wish = wish(&widget, dial, &value);
        if wish.as_ref() == Some(&value) {
            return Ok(Reading { value: Some(value), ..absent });
        }
        let Some(wish) = wish else {
            let wanted = dial.want.first().map(ToString::to_string);
            return Ok(Reading { value: Some(value), wanted, ..absent });
        };
        self.turn(&widget, &wish)?;
        let after = self.widget(&key)?.as_ref().and_then(self::value);
        let is_refused = !after.as_deref().is_some_and(|after| is_same(after, &wish));
        Ok(Reading {
            setting,
            value: after,
            wanted: is_refused.then_some(wish),
            before: (!is_refused).then_some(value),
        })
    }

    /// Battery and card: one call each.
    pub(super) fn read_condition(&self) -> Result<Condition, CameraError> {
        let read = |key| Ok(self.widget(key)?.as_ref().and_then(value));
        let battery: Option<String> = read("batterylevel")?;
        let shots_left = read("availableshots")?.and_then(|left| left.parse().ok());
        Ok(Condition { battery: battery.filter(|words| !words.trim().is_empty()), shots_left })
    }

    /// The first of these names that the body knows.
    fn first_known(&self, keys: &[String]) -> Result<Option<(String, Widget)>, CameraError> {
        for key in keys {
            if let Some(widget) = self.widget(key)? {
                return Ok(Some((key.clone(), widget)));
            }
        }
        Ok(None)
    }

    /// What the driver has under this name; `None` when it has nothing.
    fn widget(&self, key: &str) -> Result<Option<Widget>, CameraError> {
        match self.camera()?.config_key::<Widget>(key).wait() {
            Ok(widget) => Ok(Some(widget)),
            Err(err) => match classify(&err) {
                gone if gone.is_gone() => Err(gone),
                _unknown => Ok(None),
            },
        }
    }

    /// Turns a dial; a body that will not is found out by reading.
    fn turn(&self, widget: &Widget, wish: &str) -> Result<(), CameraError> {
        if !put(widget, wish) {
            return Ok(());
        }
        for _ in 0..BUSY_RETRIES {
            match self.camera()?.set_config(widget).wait().map_err(|err| classify(&err)) {
                Err(CameraError::Busy) => std::thread::sleep(BUSY_PAUSE),
                Err(gone) if gone.is_gone() => return Err(gone),
                Ok(()) | Err(_) => break,
            }
        }
        Ok(())
    }
}

/// What a dial stands at; `None` when it is none.
fn value(widget: &Widget) -> Option<String> {
    match widget {
        Widget::Text(text) => Some(text.value()),
        Widget::Radio(radio) => Some(radio.choice()),
        Widget::Range(range) => Some(range.value().to_string()),
        Widget::Toggle(toggle) => toggle.toggled().map(|on| if on { "1" } else { "0" }.to_owned()),
        Widget::Group(_) | Widget::Button(_) | Widget::Date(_) => None,
    }
}

/// Puts a value into a widget, before it is sent; `false` when it does not go in.
fn put(widget: &Widget, wish: &str) -> bool {
    match widget {
        Widget::Text(text) => text.set_value(wish).is_ok(),
        Widget::Radio(radio) => radio.set_choice(wish).is_ok(),
        Widget::Range(range) => wish.parse().map(|wish| range.set_value(wish)).is_ok(),
        Widget::Toggle(toggle) => {
            toggle.set_toggled(wish == "1");
            true
        }
        Widget::Group(_) | Widget::Button(_) | Widget::Date(_) => false,
    }
}

/// Where a dial should stand: where it stands already, when nothing is wanted of it or it may be kept; `None` when the
/// body offers nothing of what is wanted.
fn wish(widget: &Widget, dial: &Dial, now: &str) -> Option<String> {
    if !dial.is_turned() || dial.keep.iter().any(|pattern| pattern.describes(now)) {
        return Some(now.to_owned());
    }
    let Widget::Radio(radio) = widget else {
        let wanted = dial.want.first()?.as_str();
        return Some(if is_same(now, wanted) { now } else { wanted }.to_owned());
    };
    let choices: Vec<String> = radio.choices_iter().collect();
    let wished = dial.want.iter().find_map(|pattern| choices.iter().find(|choice| pattern.describes(choice)));
    let placed = || dial.place.and_then(|place| choices.get(place));
    wished.or_else(placed).cloned()
}

/// A number is the same however it is written.
fn is_same(one: &str, other: &str) -> bool {
    match (one.parse::<f32>(), other.parse::<f32>()) {
        (Ok(one), Ok(other)) => (one - other).abs() <= one.abs() * 0.001,
        _ => one == other,
    }
}
