"""What a participant has promised to attend: is this person free?"""
