"""The tests of kipp; see README.md here for where a test belongs."""
