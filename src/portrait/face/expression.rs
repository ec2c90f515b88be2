//! What a face does: blink, look aside, smile. A network reads it from 146 of the mesh's points
//! (MediaPipe's blendshapes; assets/models/README.md lists their order and the outputs').

use super::{FinderError, mesh::Mesh, models::Net};

/// The points the network was trained on, in its order.
const POINTS: [usize; 146] = [
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70,
    78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149,
    150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195,
    197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300,
    308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375,
    377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454,
    466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
];

/// How many movements the network tells apart.
const MOVEMENTS: usize = 52;

/// Places in its output; left and right are the sitter's own.
mod at {
    pub(super) const BLINK_LEFT: usize = 9;
    pub(super) const BLINK_RIGHT: usize = 10;
    pub(super) const LOOK_DOWN: [usize; 2] = [11, 12];
    /// The left eye towards the nose, the right eye away from it.
    pub(super) const LOOK_RIGHT: [usize; 2] = [13, 16];
    pub(super) const LOOK_LEFT: [usize; 2] = [14, 15];
    pub(super) const LOOK_UP: [usize; 2] = [17, 18];
    pub(super) const JAW_OPEN: usize = 25;
    pub(super) const SMILE: [usize; 2] = [44, 45];
}

/// How far each movement is made, from 0 (not at all) to 1 (as far as it goes); NaN when it is not known.
/// Left and right are the sitter's own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expression {
    /// The right and the left lid, towards closed.
    pub blink: [f64; 2],
    /// Both eyes to the sitter's left.
    pub look_left: f64,
    /// Both eyes to the sitter's right.
    pub look_right: f64,
    /// Both eyes upwards.
    pub look_up: f64,
    /// Both eyes downwards.
    pub look_down: f64,
    /// The jaw, towards open.
    pub jaw_open: f64,
    /// Both corners of the mouth, towards the ears.
    pub smile: f64,
}

impl Expression {
    /// From the network's output.
    fn of(movements: &[f32]) -> Self {
        let one = |place: usize| movements.get(place).map_or(f64::NAN, |value| f64::from(*value));
        let both = |places: [usize; 2]| places.map(one).iter().sum::<f64>() / 2.0;
        Self {
            blink: [one(at::BLINK_RIGHT), one(at::BLINK_LEFT)],
            look_left: both(at::LOOK_LEFT),
            look_right: both(at::LOOK_RIGHT),
            look_up: both(at::LOOK_UP),
            look_down: both(at::LOOK_DOWN),
            jaw_open: one(at::JAW_OPEN),
            smile: both(at::SMILE),
        }
    }
}

/// What the face does. The points go in as MediaPipe hands them over: in pixels of the upright picture, neither
/// turned nor centred; the network takes position and size out by itself.
pub(super) fn read(net: &Net, mesh: &Mesh) -> Result<Expression, FinderError> {
    let points = POINTS.iter().map(|number| mesh.point(*number));
    let values = points.flat_map(|point| [point.x as f32, point.y as f32]).collect();
    let outputs = net.run_on(values, &[1, POINTS.len(), 2])?;
    match outputs.first() {
        Some(movements) if movements.len() == MOVEMENTS => Ok(Expression::of(movements)),
        _ => Err(net.bad_shape()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_movement_is_read_from_its_place() {
        let places: Vec<f32> = (0..MOVEMENTS).map(|place| place as f32).collect();
        let read = Expression::of(&places);
        assert_eq!(read.blink, [10.0, 9.0]);
        // eyeLookInLeft and eyeLookOutRight are one look to the sitter's right.
        assert_eq!((read.look_right, read.look_left), (f64::midpoint(13.0, 16.0), f64::midpoint(14.0, 15.0)));
        assert_eq!((read.look_down, read.look_up), (11.5, 17.5));
        assert_eq!((read.jaw_open, read.smile), (25.0, 44.5));
        assert!(Expression::of(&[]).jaw_open.is_nan());
    }

    #[test]
    fn the_points_are_in_order_and_none_is_missing() {
        assert!(POINTS.windows(2).all(|two| two[0] < two[1]));
        assert!(POINTS.iter().all(|number| *number < super::super::mesh::POINTS));
    }
}
