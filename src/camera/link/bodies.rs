//! Which of several cameras is ours, and why one that is there cannot be had.
//!
//! After a break the body that was there before is wanted: at its old port first, at any other then. Another one
//! is taken when it is the only one, and then it is said, because somebody may sit before the wrong camera.

use super::{
    super::{CameraError, CameraInfo, FoundCamera, usb_bus::UsbCamera},
    Answer, LinkedCamera, Request, unexpected,
};

impl LinkedCamera {
    pub(super) fn connect_to_a_body(&mut self) -> Result<CameraInfo, CameraError> {
        let before = self.info.clone();
        if before.serial.is_empty() {
            let info = self.connect_to(self.port.clone())?;
            let count = self.cameras_meant().len();
            if self.port.is_none() && count > 1 {
                let (model, port) = (info.model.clone(), info.port.clone());
                self.notices.push_back(CameraError::SeveralCameras { count, model, port });
            }
            return Ok(info);
        }
        let info = if self.is_on_usb() {
            self.connect_as_before(&before)?
        } else {
            self.connect_to(self.port.clone())?
        };
        if info.serial != before.serial {
            let (model, serial) = (info.model.clone(), info.serial.clone());
            self.notices.push_back(CameraError::AnotherBody { model, serial });
        }
        Ok(info)
    }

    /// Not at a port of its own, such as an address in the network.
    fn is_on_usb(&self) -> bool {
        self.port.as_ref().is_none_or(|port| port.starts_with("usb:"))
    }

    /// The body that was there before, wherever it is now; else, if any will do and it has had its time to come
    /// back, the first one.
    fn connect_as_before(&mut self, before: &CameraInfo) -> Result<CameraInfo, CameraError> {
        let (mut others, mut why) = (Vec::new(), CameraError::NotFound);
        for camera in by_likeness(self.list_cameras()?, before) {
            if self.line.is_none() {
                self.start_process()?;
            }
            match self.connect_to(Some(camera.port.clone())) {
                Ok(info) if info.serial == before.serial => return Ok(info),
                Ok(_) => others.push(camera.port),
                Err(err) => why = err,
            }
        }
        let port = others.into_iter().find(|port| self.takes(port)).ok_or(why)?;
        if self.line.is_none() {
            self.start_process()?;
        }
        self.connect_to(Some(port))
    }

    /// Whether another body at this port will do: at any, unless one was named.
    fn takes(&self, port: &str) -> bool {
        self.watch.has_waited() && self.port.as_deref().is_none_or(|named| named == port)
    }

    pub(super) fn list_cameras(&mut self) -> Result<Vec<FoundCamera>, CameraError> {
        match self.ask(&Request::Discover, self.within.connect)? {
            (Answer::Discovered(found), _) => Ok(found),
            _ => Err(unexpected()),
        }
    }

    /// The cameras on the bus that can be ours.
    pub(super) fn cameras_meant(&self) -> Vec<UsbCamera> {
        match self.port.as_deref() {
            None => self.watch.cameras(),
            Some(port) => UsbCamera::at_port(port).into_iter().collect(),
        }
    }

    /// Who holds the camera, or that we may not use it, is not for libgphoto2 to say.
    pub(super) fn with_its_reason(&self, err: CameraError) -> CameraError {
        if err == (CameraError::Claimed { by: None }) {
            return CameraError::Claimed { by: self.neighbours.holder(&self.cameras_meant()) };
        }
        // Without the right to open it, it is listed and fails in one of several ways.
        let unclear = matches!(err, CameraError::Broken { .. } | CameraError::Other(_));
        if unclear { self.forbidden().unwrap_or(err) } else { err }
    }

    fn forbidden(&self) -> Option<CameraError> {
        let mut nodes = self.cameras_meant().into_iter().map(|camera| self.neighbours.node(&camera));
        let node = nodes.find(|node| node.exists() && !self.neighbours.may_use(node))?;
        Some(CameraError::NotAllowed { node })
    }
}

/// The likeliest first: the same port, then the same model.
fn by_likeness(mut found: Vec<FoundCamera>, before: &CameraInfo) -> Vec<FoundCamera> {
    found.retain(|camera| camera.port.starts_with("usb:"));
    found.sort_by_key(|camera| (camera.port != before.port, camera.model != before.model));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_port_comes_first_then_the_old_model_and_no_other_kind_of_port() {
        let found = |model: &str, port: &str| FoundCamera { model: model.to_owned(), port: port.to_owned() };
        let (d5300, old) = (found("Nikon D5300", "usb:001,007"), found("Canon EOS 80D", "usb:001,042"));
        let (moved, here) =
            (found("Canon EOS 80D", "usb:001,009"), found("USB PTP Class Camera", "usb:001,042"));
        let network = found("Canon EOS 80D", "ptpip:192.168.1.2");
        let before = CameraInfo { model: old.model.clone(), port: old.port.clone(), ..CameraInfo::default() };
        let all = vec![d5300.clone(), moved.clone(), network, here.clone()];
        assert_eq!(by_likeness(all, &before), [here, moved, d5300]);
        assert_eq!(by_likeness(vec![old.clone()], &before), [old]);
    }
}
