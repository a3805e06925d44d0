// Address books: cards and tables, and the exports of what was read.

@_cdecl("LLVMFuzzerTestOneInput")
public func readContacts(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = ContactText.read([UInt8](UnsafeBufferPointer(start: start, count: count)))
    let cards = ContactText.read(ContactExport.cards(text.contacts))
    precondition(cards.contacts.count == text.contacts.count)
    let table = ContactExport.table(text.contacts)
    if !text.contacts.isEmpty { precondition(ContactText.read(table).contacts.count == text.contacts.count) }
    var rows = TableRows(table[...])
    while let row = rows.next() {
        for cell in row { precondition(!FormulaGuard.isTrigger(String(decoding: cell, as: UTF8.self)[...])) }
    }
    return 0
}
