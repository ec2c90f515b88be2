//! A whole day at the window, by keyboard: the real program on a screen of its own (Xvfb, drawn by software).
//! `./dev expert [STUDENTS]` runs all of it and prints a line of what was seen for each story.
//!
//! The expert presses one key 300 ms after the screen allows it. What the program says is read from its own log
//! (`--phase-log`): a line when a frame was drawn that says something else. So the time from a key to the line that
//! answers it holds the keyboard's way, the station, the workers and the drawing up to the graphics driver.
//!
//! The stories ([`newcomer`], and those in a [`studio`]) wait for what the program says, never for a time, and are
//! judged by the ledger and by what the camera remembers. `CAIYING_SHOTS=DIR` keeps a picture of each step, to be
//! looked at.

mod calibrating;
mod device;
mod fields;
mod newcomer;
mod pace;
mod retakes;
mod setting_up;
mod stage;
mod strays;
mod studio;
