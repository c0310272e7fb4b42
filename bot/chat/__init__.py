"""What every chat platform does alike: who is there, what they want, what goes back."""
