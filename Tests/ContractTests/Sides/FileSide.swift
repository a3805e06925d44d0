import Application
import Foundation
import Machine

/// A calendar that is a file, as programs export it.
final class FileSide: BookSide {
    private let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "files-\(UUID().uuidString)").path
        try Folder.create(folder)
        super.init(.file)
        try publish(nil)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private var path: String { folder + "/work.ics" }

    override func connect(_ home: ContractHome) throws {
        var request = ConnectFilesRequest(path: path)
        request.terms.name = "Work (\(kind.rawValue))"
        request.terms.email = Meeting.me.email
        request.terms.toDays = home.daysAhead
        home.connection = try home.ask(request).connection
    }

    override func publish(_ uid: String?) throws { try Folder.replace(path, with: Array(book.text(name: name).utf8)) }

    /// Puts something there that no program can read as a time.
    func breakMeeting(_ uid: String) throws {
        book.change(uid) { $0.isBroken = true }
        try publish(uid)
    }

    override func removeCalendar() throws { try Folder.remove(path) }
}
