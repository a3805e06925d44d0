/// A side whose calendar is iCalendar text that its programs write.
class BookSide: Side {
    let kind: Kind
    var book = Book()
    var name = "Work"

    init(_ kind: Kind) { self.kind = kind }

    var address: String? { nil }

    /// Writes down what changed: one meeting, or the whole where none is named.
    func publish(_ uid: String?) throws { fatalError("a side says how it publishes") }
    func connect(_ home: ContractHome) throws { fatalError("a side says how it is connected") }
    func removeCalendar() throws { fatalError("a side says how its calendar goes") }
    func forgetCursors() throws {}

    func put(_ meeting: Meeting) throws {
        book.put(meeting)
        try publish(meeting.uid)
    }

    func delete(_ uid: String) throws {
        book.remove(uid)
        try publish(uid)
    }

    func cancel(_ uid: String) throws {
        book.change(uid) { $0.meeting.isCancelled = true }
        try publish(uid)
    }

    func change(_ uid: String, at original: String, _ change: (inout Meeting) -> Void) throws {
        book.change(uid) { entry in
            var meeting = entry.meeting
            meeting.start = original
            meeting.weeks = nil
            change(&meeting)
            entry.changed[original] = meeting
        }
        try publish(uid)
    }

    func cancel(_ uid: String, at original: String) throws {
        book.change(uid) { entry in
            entry.cancelled.insert(original)
            entry.changed[original] = nil
        }
        try publish(uid)
    }

    func split(_ uid: String, at original: String, title: String) throws {
        guard var rest = book[uid], let weeks = rest.weeks else { return }
        var before = 0
        while Clock.weeks(rest.start, plus: before) < original { before += 1 }
        book.change(uid) { $0.meeting.weeks = before }
        try publish(uid)
        (rest.uid, rest.title, rest.start, rest.weeks) = (uid + "-rest", title, original, weeks - before)
        try put(rest)
    }

    func rename(_ name: String) throws {
        self.name = name
        try publish(nil)
    }

    func forget(_ uids: [String], _ home: ContractHome) throws {
        for uid in uids { book.remove(uid) }
        try publish(nil)
    }

    func remember(_ meetings: [Meeting], _ home: ContractHome) throws { for meeting in meetings { try put(meeting) } }

    func meeting(_ uid: String) -> Meeting? { book[uid] }
}
