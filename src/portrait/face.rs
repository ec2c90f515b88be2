//! Finding the face: where it is, where the hair ends and the chin, what is person and what is cloth.
//!
//! [`FaceFinder`] has two twins: [`ModelFinder`], four small networks run in pure Rust, and
//! [`PretendFinder`], which says what a test told it to.

mod expression;
mod features;
mod hair;
mod mesh;
mod models;
mod pretend;
mod sample;
mod yunet;

pub use expression::Expression;
pub use features::{Eye, Features};
pub use hair::PersonMask;
pub use models::ModelFinder;
pub use pretend::PretendFinder;

use super::{Picture, frame::Head};

/// Finds faces in an upright picture.
pub trait FaceFinder: Send {
    /// Every face that scores at least `min_score` (0 to 1), and the largest one in detail.
    ///
    /// # Errors
    /// When the finder itself fails, which is our fault and never the picture's.
    fn find(&mut self, picture: &Picture, min_score: f64) -> Result<Found, FinderError>;

    /// The same at a glance, for frames of live view: cheaper and a little less exact. A face that is not looked at
    /// closely enough to be sure of it is none.
    ///
    /// # Errors
    /// As for [`FaceFinder::find`].
    fn glance(&mut self, picture: &Picture, min_score: f64) -> Result<Found, FinderError> {
        self.find(picture, min_score)
    }
}

/// What a finder saw.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Every face, the largest first.
    pub boxes: Vec<FaceBox>,
    /// The largest face in detail; `None` when there is no face, or its hair could not be told from the cloth.
    pub face: Option<Face>,
}

impl Found {
    /// The same in a larger picture: `up` of its pixels for each, and where this picture's corner lies in it.
    pub(super) fn placed(self, up: f64, corner: Point) -> Self {
        let at = |x: f64, y: f64| Point { x: x * up + corner.x, y: y * up + corner.y };
        let boxes = self.boxes.into_iter().map(|seen| {
            let Point { x, y } = at(seen.x, seen.y);
            FaceBox { x, y, width: seen.width * up, height: seen.height * up, score: seen.score }
        });
        let face = self.face.map(|face| Face {
            head: Head {
                hair_top: at(0.0, face.head.hair_top).y,
                chin: at(0.0, face.head.chin).y,
                eye_line: at(0.0, face.head.eye_line).y,
                face_width: face.head.face_width * up,
                center_x: at(face.head.center_x, 0.0).x,
                roll_deg: face.head.roll_deg,
            },
            features: face.features.placed(up, at),
            outline: face.outline.into_iter().map(|point| at(point.x, point.y)).collect(),
            person: face.person.scaled(up).moved(corner),
        });
        Self { boxes: boxes.collect(), face }
    }
}

/// A face's box, in pixels of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceBox {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// How sure the finder is, 0 to 1.
    pub score: f64,
}

impl FaceBox {
    /// Square pixels.
    #[must_use]
    pub fn area(&self) -> f64 {
        self.width * self.height
    }
}

/// A point in pixels of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Point {
    /// Pixels between two points.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// One face in detail.
#[derive(Debug, Clone)]
pub struct Face {
    /// What the frame is made from.
    pub head: Head,
    /// How it is held and what it does.
    pub features: Features,
    /// The outline of the face (36 points of the mesh, in order around it).
    pub outline: Vec<Point>,
    /// What is person and what is not.
    pub person: PersonMask,
}

/// The finder itself failed.
#[derive(Debug, thiserror::Error)]
pub enum FinderError {
    /// A model that travels inside the program cannot be loaded.
    #[error("the model {model} cannot be loaded")]
    Load {
        /// Which.
        model: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A model could not be run.
    #[error("the model {model} cannot be run")]
    Run {
        /// Which.
        model: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A model answered in another shape than it was vendored with.
    #[error("the model {model} answered in an unexpected shape")]
    Shape {
        /// Which.
        model: &'static str,
    },
    /// The picture could not be made smaller.
    #[error("the picture cannot be made smaller for the finder")]
    Scale(#[from] super::scale::ScaleError),
}
