"""Makes ``entri-2021-bermasalah.xlsx``: made-up proposals of 2021, ten of which have a fault each.

The agencies are real, everything else is made up ("Contoh 0001" …).  Checking the workbook is
shown in the how-to guide "Check a spreadsheet".

Run: ``python examples/entri_bermasalah.py [FILE]``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import xlsxwriter

HEADERS = [
    "No",
    "ID Proposal",
    "ID Inovasi",
    "Judul Inovasi",
    "Instansi",
    "Tahun KIPP",
    "Kelompok",
    "Kategori",
    "Tanggal Mulai Implementasi",
    "Asal Gagasan",
    "TPB/SDGs",
    "Pelayanan Publik",
    "Waktu Pengajuan",
    "Dokumen",
    "Jumlah Kata: summary",
    "Durasi Video (menit)",
    "Disusun Asal-asalan",
    "Inovasi yang Direplikasi",
    "Catatan",
]
AGENCIES = [
    "Pemerintah Kota Ambon",
    "Pemerintah Kabupaten Luwu Utara",
    "Pemerintah Kota Surabaya",
    "Pemerintah Provinsi Jawa Tengah",
    "Pemerintah Kabupaten Sleman",
    "Pemerintah Kota Padang",
    "Kementerian Kesehatan",
    "Pemerintah Kabupaten Badung",
    "Pemerintah Kota Pontianak",
    "Pemerintah Provinsi Bali",
    "Pemerintah Kabupaten Banyuwangi",
    "Pemerintah Kota Manado",
]
FAULTS: dict[int, dict[str, Any]] = {
    2: {"Kelompok": "umun"},
    3: {"Tanggal Mulai Implementasi": "05/06/2018"},
    4: {"Judul Inovasi": None},
    5: {"Instansi": "Pemerintah Kabupaten Lawu Utara"},
    6: {"ID Proposal": "contoh-0001"},
    7: {"Tanggal Mulai Implementasi": "1 Maret 2021"},
    8: {"Durasi Video (menit)": 2.5},
    9: {"Kategori": "olahraga"},
    10: {"Waktu Pengajuan": "20 Mei 2021 10:00 WIB"},
    11: {"TPB/SDGs": "3; 18"},
}
"""What is wrong with the proposal of each number, by the header of the column."""


def rows() -> list[list[Any]]:
    """The cells of each proposal."""
    found = []
    for number, agency in enumerate(AGENCIES, 1):
        cells: dict[str, Any] = {
            "No": number,
            "ID Proposal": f"contoh-{number:04}",
            "ID Inovasi": f"inovasi-{number:04}",
            "Judul Inovasi": f"Contoh {number:04}",
            "Instansi": agency,
            "Tahun KIPP": 2021,
            "Kelompok": "umum",
            "Kategori": "health",
            "Tanggal Mulai Implementasi": "17 Agustus 2017",
            "Asal Gagasan": "orisinal",
            "TPB/SDGs": "3",
            "Pelayanan Publik": "ya",
            "Waktu Pengajuan": "27 April 2021 09:30 WIB",
            "Dokumen": "video",
            "Jumlah Kata: summary": 150,
            "Durasi Video (menit)": 3,
            "Disusun Asal-asalan": "tidak",
            "Inovasi yang Direplikasi": "[]",
            "Catatan": "rekaan",
        }
        cells |= FAULTS.get(number, {})
        found.append([cells[header] for header in HEADERS])
    return found


def write(path: Path) -> None:
    """Write the workbook."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Entri")
    sheet.write_string(0, 0, "CONTOH ENTRI KIPP 2021: seluruh proposal ini rekaan")
    sheet.write_row(2, 0, HEADERS)
    for number, cells in enumerate(rows(), 3):
        sheet.write_row(number, 0, cells)
    book.close()


if __name__ == "__main__":
    here = Path(__file__).with_name("entri-2021-bermasalah.xlsx")
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else here)
