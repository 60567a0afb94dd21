//! Holdfast: aws.
