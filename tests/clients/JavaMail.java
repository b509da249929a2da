import java.util.Properties;
import javax.mail.FetchProfile;
import javax.mail.Flags;
import javax.mail.Folder;
import javax.mail.Message;
import javax.mail.Session;
import javax.mail.Store;
import javax.mail.UIDFolder;
import javax.mail.internet.MimeMessage;
import javax.mail.search.SubjectTerm;

/** java -cp ... JavaMail.java PORT USER PASSWORD: what a mail program does with JavaMail; a line for each thing it saw. */
public class JavaMail {
	public static void main(String[] a) throws Exception {
		Properties p = new Properties();
		p.put("mail.imap.starttls.enable", "true");
		p.put("mail.imap.starttls.required", "true");
		p.put("mail.imap.ssl.trust", "localhost");
		Session session = Session.getInstance(p);
		Store store = session.getStore("imap");
		store.connect("localhost", Integer.parseInt(a[0]), a[1], a[2]);
		for (Folder f : store.getDefaultFolder().list("*"))
			System.out.println("folder " + f.getFullName());
		Folder java = store.getFolder("Java");
		java.create(Folder.HOLDS_MESSAGES);
		Folder inbox = store.getFolder("INBOX");
		inbox.open(Folder.READ_WRITE);
		Message[] all = inbox.getMessages();
		FetchProfile profile = new FetchProfile();
		profile.add(FetchProfile.Item.ENVELOPE);
		profile.add(FetchProfile.Item.CONTENT_INFO);
		profile.add(FetchProfile.Item.FLAGS);
		profile.add(UIDFolder.FetchProfileItem.UID);
		inbox.fetch(all, profile);
		for (Message m : all)
			System.out.println("subject " + m.getSubject() + " " + m.getContentType());
		System.out.println("text " + all[0].getContent().toString().trim());
		System.out.println("found " + inbox.search(new SubjectTerm("hello 3")).length);
		all[0].setFlag(Flags.Flag.FLAGGED, true);
		inbox.copyMessages(new Message[] { all[0] }, java);
		MimeMessage draft = new MimeMessage(session);
		draft.setSubject("from JavaMail");
		draft.setText("hello");
		java.appendMessages(new Message[] { draft });
		all[1].setFlag(Flags.Flag.DELETED, true);
		System.out.println("expunged " + inbox.expunge().length);
		System.out.println("left " + inbox.getMessageCount());
		inbox.close(false);
		java.open(Folder.READ_ONLY);
		for (Message m : java.getMessages())
			System.out.println("java " + m.getSubject() + " " + m.isSet(Flags.Flag.FLAGGED));
		java.close(false);
		store.close();
	}
}
