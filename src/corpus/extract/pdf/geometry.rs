//! Matrices, and frames turned so that a text runs to the right.

/// An affine map as in PDF: x' = a x + c y + e, y' = b x + d y + f.
pub(super) type Matrix = [f64; 6];

pub(super) const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// The map that does `first`, then `second`.
pub(super) fn product(first: &Matrix, second: &Matrix) -> Matrix {
    let [a, b, c, d, e, f] = *first;
    let [g, h, i, j, k, l] = *second;
    [
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + l,
    ]
}

pub(super) fn apply(matrix: &Matrix, x: f64, y: f64) -> (f64, f64) {
    let [a, b, c, d, e, f] = *matrix;
    (a * x + c * y + e, b * x + d * y + f)
}

/// The page turned so that text of one angle runs to the right, and its lines follow downwards.
pub(super) struct Frame {
    cos: f64,
    sin: f64,
}

impl Frame {
    pub(super) fn new(angle: u16) -> Frame {
        let (sin, cos) = match angle {
            0 => (0.0, 1.0),
            90 => (1.0, 0.0),
            180 => (0.0, -1.0),
            270 => (-1.0, 0.0),
            other => f64::from(other).to_radians().sin_cos(),
        };
        Frame { cos, sin }
    }

    /// The angle of a direction on a page whose y grows downwards, in whole degrees clockwise;
    /// what is nearly level or upright is taken to be.
    pub(super) fn angle(x: f64, y: f64) -> u16 {
        let degrees = y.atan2(x).to_degrees().round() as i32;
        let degrees = degrees.rem_euclid(360);
        let right = (degrees + 1) / 90 * 90;
        let near = if (degrees - right).abs() <= 2 { right } else { degrees };
        (near % 360) as u16
    }

    /// A point of the page in the frame.
    pub(super) fn of(&self, x: f64, y: f64) -> (f32, f32) {
        ((x * self.cos + y * self.sin) as f32, (y * self.cos - x * self.sin) as f32)
    }
}
