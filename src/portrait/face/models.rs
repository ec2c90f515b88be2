//! The door of the crate `rten`: four networks that travel inside the program, one thread each run.
//!
//! `assets/models/README.md` says where they come from, what their licences are and what is not known of them.

use std::sync::Arc;

use rten::{Model, ModelOptions, RunOptions, ThreadPool};
use rten_tensor::{AsView as _, Tensor};

use super::{
    Face, FaceFinder, FinderError, Found, expression,
    features::Features,
    hair,
    mesh::{self, Mesh},
    yunet,
};
use crate::portrait::{
    Picture,
    frame::Head,
    scale::{ScaleError, shrink},
};

/// Height of what the detector sees, in pixels: it finds faces of about 10 to 300 px, and a face that may count has 26
/// here (12 per cent of the frame's height), however the camera is held. Measured on 27 faces made that small, none
/// scores below 0.86, and the box, from which the mesh starts twice, is as good as at twice the size.
const DETECTOR_HEIGHT: f64 = 224.0;

/// Longest side of what the detector sees, in pixels, whatever the picture's shape.
const DETECTOR_SIDE: f64 = 640.0;

/// Longest side of what mesh and mask are sampled from, in pixels: a head of a loose 24 MP frame still has
/// 300 px there, more than the 256 the networks see.
const DETAIL_SIDE: u32 = 1600;

/// Sigmoid of the mesh's presence logit from which there is a face: 13 to 21 on portraits, −10 to −16 on
/// noise (assets/models/README.md); a logit of 0 lies between.
const PRESENCE: f32 = 0.0;

/// One network.
pub(super) struct Net {
    name: &'static str,
    model: Model,
    pool: Arc<ThreadPool>,
}

impl Net {
    fn load(name: &'static str, bytes: &'static [u8], pool: &Arc<ThreadPool>) -> Result<Self, FinderError> {
        // Weights laid out for the processor once, not in every run.
        let model = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load_static_slice(bytes)
            .map_err(|err| FinderError::Load { model: name, source: Box::new(err) })?;
        Ok(Self { name, model, pool: Arc::clone(pool) })
    }

    /// Runs the network on planes (red, green, blue or as it was trained) of `height` × `width`; its outputs
    /// flat, in graph order.
    pub(super) fn run(
        &self,
        planes: Vec<f32>,
        height: usize,
        width: usize,
    ) -> Result<Vec<Vec<f32>>, FinderError> {
        self.run_on(planes, &[1, 3, height, width])
    }

    /// Runs the network on values of any shape.
    pub(super) fn run_on(&self, values: Vec<f32>, shape: &[usize]) -> Result<Vec<Vec<f32>>, FinderError> {
        let failed = |source| FinderError::Run { model: self.name, source };
        if values.len() != shape.iter().product::<usize>() {
            return Err(self.bad_shape());
        }
        let input = Tensor::from_data(shape, values);
        let id = *self.model.input_ids().first().ok_or_else(|| self.bad_shape())?;
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.pool)));
        let outputs = self
            .model
            .run(vec![(id, input.view().into())], self.model.output_ids(), Some(options))
            .map_err(|err| failed(Box::new(err)))?;
        let flat = outputs.into_iter().map(|value| match Tensor::<f32>::try_from(value) {
            Ok(tensor) => Ok(tensor.to_vec()),
            Err(_not_floats) => Err(self.bad_shape()),
        });
        flat.collect()
    }

    /// This network answered in a shape we do not know.
    pub(super) fn bad_shape(&self) -> FinderError {
        FinderError::Shape { model: self.name }
    }
}

/// The finder that really looks.
pub struct ModelFinder {
    detector: Net,
    landmarks: Net,
    blendshapes: Net,
    segmenter: Net,
}

impl ModelFinder {
    /// Loads the networks (about 50 ms).
    ///
    /// # Errors
    /// When a network that travels inside the program cannot be loaded: the program itself is broken.
    pub fn new() -> Result<Self, FinderError> {
        let pool = Arc::new(ThreadPool::with_num_threads(1));
        Ok(Self {
            detector: Net::load(
                "YuNet",
                include_bytes!("../../../assets/models/face_detection_yunet_2023mar.onnx"),
                &pool,
            )?,
            landmarks: Net::load(
                "face landmarks",
                include_bytes!("../../../assets/models/face_landmarks_478.onnx"),
                &pool,
            )?,
            blendshapes: Net::load(
                "face blendshapes",
                include_bytes!("../../../assets/models/face_blendshapes.onnx"),
                &pool,
            )?,
            segmenter: Net::load(
                "selfie segmenter",
                include_bytes!("../../../assets/models/selfie_segmenter.onnx"),
                &pool,
            )?,
        })
    }
}

impl std::fmt::Debug for ModelFinder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelFinder").finish_non_exhaustive()
    }
}

impl FaceFinder for ModelFinder {
    fn find(&mut self, picture: &Picture, min_score: f64) -> Result<Found, FinderError> {
        let detail = shrink(picture, DETAIL_SIDE)?;
        let small = for_detector(&detail)?;
        let detections = yunet::detect(&self.detector, &small, min_score as f32)?;
        // Both shrinkings keep the proportions to within half a pixel of the small picture.
        let to_picture = f64::from(picture.width) / f64::from(small.width);
        let boxes: Vec<_> = detections.iter().map(|seen| seen.face_box(to_picture)).collect();
        let Some(largest) = detections.first() else { return Ok(Found { boxes, face: None }) };

        let to_detail = f64::from(detail.width) / f64::from(small.width);
        let mesh = mesh::fit(&self.landmarks, &detail, &largest.scaled(to_detail))?;
        if mesh.presence_logit < PRESENCE {
            return Ok(Found { boxes, face: None });
        }
        let up = f64::from(picture.width) / f64::from(detail.width);
        Ok(Found { boxes, face: self.face(&detail, &mesh, up)? })
    }

    fn glance(&mut self, picture: &Picture, min_score: f64) -> Result<Found, FinderError> {
        let small = for_detector(picture)?;
        let detections = yunet::detect(&self.detector, &small, min_score as f32)?;
        let to_picture = f64::from(picture.width) / f64::from(small.width);
        let boxes: Vec<_> = detections.iter().map(|seen| seen.face_box(to_picture)).collect();
        let Some(largest) = detections.first() else { return Ok(Found::default()) };
        let mesh = mesh::fit_roughly(&self.landmarks, picture, &largest.scaled(to_picture))?;
        if mesh.presence_logit < PRESENCE {
            return Ok(Found::default());
        }
        Ok(Found { boxes, face: self.face(picture, &mesh, 1.0)? })
    }
}

impl ModelFinder {
    /// A face in detail, from its mesh in a picture; `up` pixels of the shot per pixel of that picture. `None` when
    /// its hair could not be told from the cloth.
    fn face(&self, detail: &Picture, mesh: &Mesh, up: f64) -> Result<Option<Face>, FinderError> {
        let person = hair::segment(&self.segmenter, detail, mesh)?;
        let Some(hair_top) = hair::top(&person, mesh) else { return Ok(None) };
        let expression = expression::read(&self.blendshapes, mesh)?;
        Ok(Some(Face {
            head: head(mesh, hair_top, up),
            features: Features::of(mesh, hair_top, expression, up),
            outline: mesh.outline(up),
            person: person.scaled(up),
        }))
    }
}

/// What the detector sees of a picture.
fn for_detector(picture: &Picture) -> Result<Picture, ScaleError> {
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    let longest = (width.max(height) * DETECTOR_HEIGHT / height).min(DETECTOR_SIDE);
    shrink(picture, longest.round() as u32)
}

/// The head in pixels of the picture: `up` picture pixels per detail pixel.
fn head(mesh: &Mesh, hair_top: f64, up: f64) -> Head {
    Head {
        hair_top: hair_top * up,
        chin: mesh.chin(hair_top) * up,
        eye_line: mesh.eye_line() * up,
        face_width: mesh.face_width() * up,
        center_x: mesh.center_x() * up,
        roll_deg: mesh.roll_deg(),
    }
}
