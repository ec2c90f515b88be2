//! The set-up in the window: what it offers, who may write down what was chosen, and what begins with it.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::Context;

use super::{Stage, Window, anew, choices, work::whereto};
use crate::{
    keys::Deed,
    screens::{SetupAsk, SetupView, Words, theme, trouble},
    settings::Settings,
    vault::key_file,
};

impl Window {
    /// Does what was asked of the set-up, unless something is against it: that is said then.
    pub(super) fn set_up(&mut self, ctx: &Context, ask: SetupAsk) {
        let done = match ask {
            SetupAsk::Work(settings) => self.begin_anew(ctx, *settings, false),
            SetupAsk::Rehearse(settings) => self.begin_anew(ctx, *settings, true),
            SetupAsk::Leave => self.begin(ctx).map_err(|failure| failure.words()),
        };
        if let Err(words) = done {
            (self.trouble, self.choices) = (Some(words), None);
        }
    }

    /// Writes down what was chosen, where it is something else than before, and begins anew with it.
    fn begin_anew(&mut self, ctx: &Context, settings: Settings, rehearse: bool) -> Result<(), Words> {
        if let Some(why) = self.why_not(&settings) {
            return Err(why);
        }
        let is_new = self.first_run || settings != self.settings;
        let written =
            if is_new { choices::write(&settings, self.options.settings.as_deref()) } else { Ok(()) };
        self.options = anew::next(&self.lasting, rehearse);
        self.asked_language = None;
        self.settings = settings;
        theme::show(ctx, self.settings.look);
        // The old shift ends first: both would write to one store.
        self.stage = Stage::SetUp(Box::default());
        written.and_then(|()| self.begin(ctx)).map_err(|failure| failure.words())
    }

    /// Why nothing may begin anew with these settings: whoever works here may not change any, or work is not over.
    fn why_not(&self, settings: &Settings) -> Option<Words> {
        if let Stage::Work(work) = &self.stage {
            let refused = work.shift.refused(Deed::ChangeSettings).map(trouble::deed_refused);
            if let Some(why) = refused.or_else(|| work.shift.why_not_anew()) {
                return Some(why);
            }
            if !work.is_rehearsal() {
                return None;
            }
        }
        // A rehearsal, and a lock that nobody opened, know nobody: where a store has an administrator, he is asked.
        let is_theirs = *settings != self.settings && has_holders(&self.store_of_work());
        is_theirs.then(trouble::settings_locked)
    }

    /// Where portraits go when this is no rehearsal.
    fn store_of_work(&self) -> PathBuf {
        let earnest = Settings { camera: String::new(), ..self.settings.clone() };
        whereto(&anew::next(&self.lasting, false), &earnest).0
    }

    /// What the set-up can choose from: looked up once for each visit.
    pub(super) fn choices(&mut self) -> Arc<SetupView> {
        let of = SetupView {
            settings: self.settings.clone(),
            first_run: self.first_run,
            rehearsal: matches!(&self.stage, Stage::Work(work) if work.is_rehearsal()),
            may_leave: !self.first_run && !matches!(self.stage, Stage::Work(_)),
            trouble: self.trouble.clone(),
            ..SetupView::default()
        };
        Arc::clone(self.choices.get_or_insert_with(|| Arc::new(choices::look(of))))
    }
}

/// Whether a store is opened by somebody's passphrase. One whose keys cannot be read is nobody's to go round either.
fn has_holders(folder: &std::path::Path) -> bool {
    match key_file::read(folder) {
        Ok((file, _)) => !file.is_open(),
        Err(_unreadable) => !key_file::is_new(folder),
    }
}
