import Entries

/// All that a meeting says, written so that the same meeting always makes the same bytes.
///
/// It is made from what was understood and not from the answer: what an occurrence has from its series counts, and a field
/// that Graph adds one day does not.
struct MeetingMark: FieldVisitor {
    private(set) var bytes: [UInt8] = []

    init(_ meeting: FoundMeeting, revision: String?) {
        add(meeting.uid)
        add(meeting.originalStart.map(String.init))
        add(meeting.originalDay)
        var details = meeting.details
        details.visit(&self)
        for attendee in meeting.attendees { add(attendee) }
        for name in meeting.emptied.sorted() { add(name) }
        add(revision)
    }

    mutating func field<Value: FieldValue>(
        _ name: String, _ value: inout Value, _ place: Place, _ meaning: String
    ) {
        if value.isAbsent { return }
        var writer = JSONWriter()
        writer.name(name)
        value.write(to: &writer)
        bytes += writer.finish()
    }

    private mutating func add(_ attendee: FoundAttendee) {
        add(attendee.email)
        add(attendee.name)
        add(attendee.kind.rawValue)
        add(attendee.response?.rawValue)
        let flags = [attendee.isOrganizer, attendee.isOptional, attendee.isSelf]
        add(flags.map { $0 ? "1" : "0" }.joined())
    }

    /// With its length before it, so that two texts never read like one.
    private mutating func add(_ text: String?) {
        guard let text else {
            bytes.append(UInt8(ascii: "-"))
            return
        }
        bytes += "\(text.utf8.count):\(text)".utf8
    }
}
