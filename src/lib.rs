//! OpenCX Partner Kit.
