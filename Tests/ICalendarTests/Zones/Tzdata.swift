import Foundation

@testable import ICalendar

/// The time zone database of this machine.
enum Tzdata {
    static let folder = "/usr/share/zoneinfo"
    static let isHere = FileManager.default.fileExists(atPath: folder + "/Europe/Berlin")

    static var book: ZoneBook { ZoneBook(read: read) }

    static func read(_ name: String) -> [UInt8]? {
        (try? Data(contentsOf: URL(filePath: "\(folder)/\(name)"))).map(Array.init)
    }

    static var windowsNames: [String] {
        WindowsZones.rows.split(separator: "\n").compactMap { $0.split(separator: "|").first.map(String.init) }
    }
}
